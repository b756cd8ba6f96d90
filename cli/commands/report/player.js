// SPDX-License-Identifier: Apache-2.0
"use strict";

// The video beside the page, if the browser can play it.
class Player {
  // Browsers show the previous frame if a time is too early by a rounding error.
  static #hairS = 0.001;

  #video;
  #note;
  #noteText;
  #link;
  #source;
  #offsetS;
  #stopAtS = null;
  #isSought = false;

  /**
   * `source`: a link to the file relative to the page, or null. `offsetS`: when it shows the first frame, from which the
   * page counts. `onTime(timeS)`: its time while it moves.
   */
  constructor(source, offsetS, onTime) {
    this.#video = document.getElementById("player");
    this.#note = document.getElementById("no-player");
    this.#noteText = document.getElementById("no-player-text");
    this.#link = document.getElementById("source");
    this.#source = source;
    this.#offsetS = offsetS;
    this.isUsable = source !== null;
    if (source === null) {
      this.#giveUp("There is no file to play: the video came from a pipe.");
      return;
    }
    const follow = () => {
      if (this.#stopAtS !== null && this.#timeS() >= this.#stopAtS) {
        this.#stopAtS = null;
        this.#video.pause();
      }
      onTime(this.#timeS());
      if (!this.#video.paused) requestAnimationFrame(follow);
    };
    this.#video.addEventListener("play", () => requestAnimationFrame(follow));
    this.#video.addEventListener("seeked", () => {
      if (!this.#isSought) onTime(this.#timeS());  // by the player's own controls
      this.#isSought = false;
    });
    this.#video.addEventListener("error", () => this.#giveUp("This browser cannot play the file."));
    this.#video.src = source;
  }

  #timeS() {
    return this.#video.currentTime - this.#offsetS;
  }

  #giveUp(text) {
    this.isUsable = false;
    this.#video.hidden = true;
    this.#note.hidden = false;
    this.#noteText.textContent = text;
    if (this.#source === null) return;
    this.#link.hidden = false;
    this.#link.href = this.#source;
  }

  seek(timeS) {
    this.#stopAtS = null;
    if (this.isUsable) {
      this.#isSought = true;
      this.#video.currentTime = timeS + this.#offsetS + Player.#hairS;
    } else if (this.#source !== null) {
      this.#link.href = `${this.#source}#t=${(timeS + this.#offsetS).toFixed(3)}`;
      this.#link.textContent = `Open the file at ${Format.clock(timeS)}`;
    }
  }

  /** Plays a part and stops at its end. */
  playRange(startS, endS) {
    this.seek(startS);
    if (!this.isUsable) return;
    this.#stopAtS = endS;
    this.#video.play().catch(() => {});  // a video that cannot be played has its own event
  }

  toggle() {
    if (!this.isUsable) return;
    this.#stopAtS = null;
    if (this.#video.paused) {
      this.#video.play().catch(() => {});
    } else {
      this.#video.pause();
    }
  }
}
