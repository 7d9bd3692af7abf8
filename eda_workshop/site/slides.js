// Keys move from slide to slide; without this file one scrolls.
"use strict";

const slides = [...document.querySelectorAll(".slide")];
const FORWARD = ["ArrowRight", "ArrowDown", "PageDown", " "];
const BACK = ["ArrowLeft", "ArrowUp", "PageUp"];

/** The slide at the top of the window: the last that begins there or above. */
function current() {
  const begun = slides.filter((slide) => slide.getBoundingClientRect().top <= 2);
  return Math.max(0, begun.length - 1);
}

function show(number) {
  const slide = slides[Math.min(Math.max(number, 0), slides.length - 1)];
  slide.scrollIntoView({ behavior: "instant" });
  history.replaceState(null, "", `#${slide.id}`);
}

/** On by a slide, or by a window where the slide is higher than that. */
function forward() {
  const below = slides[current()].getBoundingClientRect().bottom - window.innerHeight;
  if (below > 2) window.scrollBy({ top: Math.min(below, window.innerHeight * 0.8), behavior: "instant" });
  else show(current() + 1);
}

function back() {
  const above = -slides[current()].getBoundingClientRect().top;
  if (above > 2) window.scrollBy({ top: -Math.min(above, window.innerHeight * 0.8), behavior: "instant" });
  else show(current() - 1);
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === " " && event.target.closest("summary, a")) return;
  const goes = event.key === " " && event.shiftKey ? back
    : FORWARD.includes(event.key) ? forward
    : BACK.includes(event.key) ? back
    : event.key === "Home" ? () => show(0)
    : event.key === "End" ? () => show(slides.length - 1)
    : null;
  if (!goes) return;
  event.preventDefault();
  goes();
});
