// Citations point into the paper by character offsets; this finds the sentences and shows them.
// All listeners sit on the document, so that Gradio may render anything anew at any time.
const askpaper = (() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const touch = matchMedia("(pointer: coarse)");
  const one = (selector) => document.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  let answer = ""; // the places that the latest answer cites
  let questions = -1;
  let following = false; // the reader has not scrolled since the last question

  const overlapping = ({ start, end }) =>
    all("#text [data-start]").filter((s) => +s.dataset.start < +end && +start < +s.dataset.end);

  function mark(name, sentences) {
    all(`#text .${name}`).forEach((sentence) => sentence.classList.remove(name));
    sentences.forEach((sentence) => sentence.classList.add(name));
  }

  function show(button) {
    const { start, end } = button.dataset;
    const found = overlapping(button.dataset);
    if (!found.length) return;
    mark("shown", found);
    forget();
    all(`[data-start="${start}"][data-end="${end}"]`, button.closest(".answer")).forEach((same) =>
      same.setAttribute("aria-current", "true"),
    );
    openDrawer(true);
    following = false;
    requestAnimationFrame(() => {
      button.scrollIntoView({ block: "nearest" }); // the drawer may have covered it
      found[0].scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });
    });
  }

  const forget = () =>
    all("#chat [aria-current]").forEach((button) => button.removeAttribute("aria-current"));

  function openDrawer(open) {
    one("#paper").classList.toggle("open", open);
    one("#drawer").setAttribute("aria-expanded", open);
  }

  function fold(button) {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", open);
    button.closest(".card").classList.toggle("open", open);
    [button.textContent, button.dataset.less] = [button.dataset.less, button.textContent];
  }

  function refresh() {
    const log = one("#chat [role=log]");
    if (!log || !one("#drawer")) return; // Gradio has not built the page yet
    const latest = all(".answer", log).at(-1);
    const cites = latest ? all(".cite", latest) : [];
    const places = cites.map((cite) => cite.dataset.start + "-" + cite.dataset.end).join();
    if (places !== answer) {
      answer = places;
      mark("shown", []);
      forget();
      mark("cited", cites.flatMap((cite) => overlapping(cite.dataset)));
    }
    const asked = all(".user-row", log);
    if (asked.length !== questions) {
      following = asked.length > questions;
      questions = asked.length;
      openDrawer(false);
    }
    if (following && questions) {
      const top = asked.at(-1).getBoundingClientRect().top - log.getBoundingClientRect().top;
      log.scrollBy({ top: top - 8 });
    }
  }

  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("button");
    if (button?.matches(".cite, .marker")) show(button);
    else if (button?.matches(".more")) fold(button);
    else if (button?.id === "drawer") openDrawer(!one("#paper").classList.contains("open"));
  });
  for (const gesture of ["wheel", "touchmove", "keydown"])
    document.addEventListener(gesture, ({ target }) => {
      if (target.closest?.("#chat")) following = false;
    }, { passive: true });
  // Enter that confirms a word in an input method must not send the question.
  document.addEventListener("keypress", (event) => {
    if (event.isComposing) event.stopPropagation();
  }, true);

  let due = 0;
  new MutationObserver(() => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(refresh);
  }).observe(document, { childList: true, subtree: true, characterData: true });

  // On a touch screen focus would bring up the keyboard, over the answer.
  return { focus: () => touch.matches || one("#question textarea")?.focus() };
})();
