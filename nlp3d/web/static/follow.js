// The answer stays in sight: a line of it at the top while its card is scrolled away.
const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting, boundingClientRect } of entries) {
    target.nextElementSibling.classList.toggle("on", !isIntersecting && boundingClientRect.bottom < 0);
  }
});

export function follow(pane) {
  seen.disconnect();
  seen.observe(pane.querySelector(".verdict"));
}
