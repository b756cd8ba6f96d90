// SPDX-License-Identifier: Apache-2.0
"use strict";

// The fields of the decision: their values become the options of Decision.decide. Each is labelled in plain words, with
// the name of its option on the command line.
class Settings {
  #fields;
  #first;
  #onChange;

  /** `first`: the options of the report; every change of a field calls `onChange(options)`. */
  constructor(first, onChange) {
    const byId = (id) => document.getElementById(id);
    this.#fields = {};
    for (const field of document.querySelectorAll("#settings [data-option]")) {
      const name = Format.camelCase(field.dataset.option);
      field.closest(".field").hidden = !(name in first);  // without a list of frames, no border can move to one
      if (name in first) this.#fields[name] = field;
      const words = field.labels[0].querySelector("span") ?? field.labels[0];
      words.append(make("code", "", `--${Format.optionName(field.dataset.option)}`));
    }
    this.range = byId("threshold-range");
    this.resetButton = byId("reset");
    this.#first = first;
    this.#onChange = onChange;
    byId("settings").addEventListener("submit", (event) => event.preventDefault());
    byId("settings").addEventListener("input", (event) => {
      if (event.target === this.range) this.#fields.threshold.value = this.range.value;
      if (event.target === this.#fields.threshold) this.range.value = this.#fields.threshold.value;
      this.#tell();
    });
    this.resetButton.addEventListener("click", () => {
      this.#fill(this.#first);
      this.#tell();
    });
    this.#fill(first);
  }

  get options() {
    const options = {};
    for (const [name, field] of Object.entries(this.#fields)) {
      if (field.type === "checkbox") {
        options[name] = field.checked;
      } else if (field.type === "number") {
        options[name] = field.value === "" ? NaN : Number(field.value);
      } else {
        options[name] = field.value;
      }
    }
    return options;
  }

  set threshold(value) {
    this.#fields.threshold.value = String(value);
    this.range.value = String(value);
    this.#tell();
  }

  /** Marks the field with an invalid value; null: all are valid. */
  showProblem(option) {
    for (const [name, field] of Object.entries(this.#fields)) {
      field.setCustomValidity?.(name === option ? "It cannot be used." : "");
      field.toggleAttribute("aria-invalid", false);
      if (name === option) field.setAttribute("aria-invalid", "true");
    }
  }

  #fill(options) {
    for (const [name, field] of Object.entries(this.#fields)) {
      if (field.type === "checkbox") {
        field.checked = options[name];
      } else {
        field.value = String(options[name]);
      }
    }
    this.range.value = String(options.threshold);
  }

  #tell() {
    const options = this.options;
    this.resetButton.disabled = Object.keys(options).every((name) => options[name] === this.#first[name]);
    this.#onChange(options);
  }
}
