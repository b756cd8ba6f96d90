// SPDX-License-Identifier: Apache-2.0
"use strict";

// The video beside the page, if the browser can play it.
class Player {
  // Browsers show the previous frame if a time is too early by a rounding error.
  static #hairS = 0.001;

  #video;
  #loop;
  #note;
  #noteText;
  #link;
  #source;
  #offsetS;
  #onTime;
  #range = null;  // plays from its startS to its endS; its last frame begins at lastS
  #isSought = false;

  /**
   * `source`: a link to the file relative to the page, or null. `offsetS`: when it shows the first frame, from which the
   * page counts. `onTime(timeS)`: its time while it moves.
   */
  constructor(source, offsetS, onTime) {
    this.#video = document.getElementById("player");
    this.#loop = document.getElementById("loop");
    this.#note = document.getElementById("no-player");
    this.#noteText = document.getElementById("no-player-text");
    this.#link = document.getElementById("source");
    this.#source = source;
    this.#offsetS = offsetS;
    this.#onTime = onTime;
    this.isUsable = source !== null;
    if (source === null) {
      this.#giveUp("There is no file to play: the video came from a pipe.");
      return;
    }
    const follow = () => {
      this.#onMove();
      if (!this.#video.paused) requestAnimationFrame(follow);
    };
    this.#video.addEventListener("play", () => requestAnimationFrame(follow));
    // In a window that nobody sees, there are no frames of animation.
    this.#video.addEventListener("timeupdate", () => {
      if (!this.#video.paused) this.#onMove();
    });
    this.#video.addEventListener("ended", () => this.#onMove());
    this.#video.addEventListener("seeked", () => {
      if (!this.#isSought) {  // by the player's own controls
        const isInside = this.#range !== null && this.#timeS() >= this.#range.startS && this.#timeS() < this.#range.endS;
        if (!isInside) this.#range = null;
        this.#onTime(this.#timeS());
      }
      this.#isSought = false;
    });
    this.#video.addEventListener("error", () => this.#giveUp(this.#whyNot(), this.#isMissing()));
    this.#video.src = source;
  }

  #timeS() {
    return this.#video.currentTime - this.#offsetS;
  }

  /** At the end of its range, the player stops on the last frame or begins again. */
  #onMove() {
    const hasEnded = this.#range !== null && (this.#timeS() >= this.#range.endS - Player.#hairS || this.#video.ended);
    if (!hasEnded) {
      this.#onTime(this.#timeS());
      return;
    }
    const {startS, lastS} = this.#range;
    if (this.#loop.checked) {
      this.#jump(startS);
      this.#play();
    } else {
      this.#range = null;
      this.#video.pause();
      // The picture may be one or two frames late by now.
      this.#jump(lastS);
    }
    this.#onTime(this.#timeS());
  }

  /** Browsers do not tell a page whether a file is there, but their messages differ. */
  #isMissing() {
    const message = this.#video.error?.message ?? "";
    return /^MEDIA_ELEMENT_ERROR: Format error$|404|not found|failed to open/i.test(message);
  }

  #whyNot() {
    if (this.#isMissing()) return `The video is missing: ${this.#sourceName()} is not there. Move it or the page back to its place.`;
    return `This browser cannot play ${this.#sourceName()}.`;
  }

  #sourceName() {
    try {
      return decodeURIComponent(this.#source).replace(/^\.\//, "");
    } catch {  // not UTF-8
      return this.#source;
    }
  }

  #giveUp(text, isMissing = false) {
    this.isUsable = false;
    this.#video.hidden = true;
    document.getElementById("play-options").hidden = true;
    this.#note.hidden = false;
    this.#noteText.textContent = text;
    if (this.#source === null || isMissing) return;
    this.#link.hidden = false;
    this.#link.href = this.#source;
  }

  #jump(timeS) {
    this.#isSought = true;
    this.#video.currentTime = timeS + this.#offsetS + Player.#hairS;
  }

  #play() {
    this.#video.play().catch(() => {});  // a video that cannot be played has its own event
  }

  seek(timeS) {
    this.#range = null;
    if (this.isUsable) {
      this.#jump(timeS);
    } else if (this.#source !== null) {
      this.#link.href = `${this.#source}#t=${(timeS + this.#offsetS).toFixed(3)}`;
      this.#link.textContent = `Open the file at ${Format.clock(timeS)}`;
    }
  }

  /** Plays a part, once or again and again; its last frame begins at `lastS`. */
  playRange(startS, endS, lastS) {
    this.seek(startS);
    if (!this.isUsable) return;
    this.#range = {startS, endS, lastS};
    this.#play();
  }

  toggle() {
    if (!this.isUsable) return;
    if (this.#video.paused) {
      this.#play();
    } else {
      this.#video.pause();
    }
  }
}
