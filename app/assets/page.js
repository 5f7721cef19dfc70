// The conversation's pane: what a click, a key or a new answer does that Gradio does not do.
// All listeners sit on the document, so that Gradio may render anything anew at any time.
(() => {
  const touch = matchMedia("(pointer: coarse)");
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const AGAIN_AFTER = 500, SETTLED_AFTER = 1500; // ms
  let answer = ""; // the places that the latest answer cites
  let questions = -1;
  let following = false; // an answer is growing, and the reader has not turned elsewhere

  function show(button) {
    const inside = button.closest(".answer");
    const { start, end } = button.dataset;
    const same = all(`button[data-start="${start}"][data-end="${end}"]`, inside);
    // Only the card knows which words met and which answer.
    if (!askpaper.show(same.find((each) => each.matches(".cite")) ?? button)) return;
    all("#chat [aria-current]").forEach((each) => each.removeAttribute("aria-current"));
    same.forEach((each) => each.setAttribute("aria-current", "true"));
    openDrawer(true);
    following = false;
    // The drawer may have covered it.
    requestAnimationFrame(() => button.scrollIntoView({ block: "nearest" }));
  }

  // On a touch screen focus would bring up the keyboard, over the answer.
  function focus() {
    if (!touch.matches) one("#question textarea")?.focus();
  }

  function openDrawer(open) {
    one("#paper").classList.toggle("open", open);
    one("#drawer").setAttribute("aria-expanded", open);
  }

  function openSide(open) {
    one("#side").classList.toggle("open", open);
    one("#menu").setAttribute("aria-expanded", open);
    one(open ? "#side button" : "#menu").focus();
  }

  function fold(button) {
    const open = button.getAttribute("aria-expanded") !== "true";
    button.setAttribute("aria-expanded", open);
    button.closest(".card").classList.toggle("open", open);
    [button.textContent, button.dataset.less] = [button.dataset.less, button.textContent];
  }

  // The source of the sentence that was clicked: the first marker behind the click.
  function markerBehind(line, { clientX, clientY }) {
    return all(".marker", line).find((marker) => {
      const { top, bottom, left } = marker.getBoundingClientRect();
      return top > clientY || (bottom >= clientY && left >= clientX);
    });
  }

  function askAgain(inside) {
    const question = one(".correction input", inside).value;
    if (question.trim()) askpaper.asked({ question, turn: +inside.dataset.turn });
  }

  function rate(button) {
    const inside = button.closest(".actions");
    all(".rate", inside).forEach((each) => each.setAttribute("aria-pressed", each === button));
    one(".reason", inside).hidden = button.dataset.rating === "up";
    if (button.dataset.rating === "up") tell(inside, "up");
    else one(".reason input", inside).focus();
  }

  function tell(inside, rating) {
    const reason = rating === "down" ? one(".reason input", inside).value : "";
    askpaper.rated({ turn: +inside.closest(".answer").dataset.turn, rating, reason });
    one(".reason", inside).hidden = true;
    all(".rate", inside).forEach((each) => (each.disabled = true));
    say(inside, one(".status", inside).dataset.thanks);
  }

  function say(inside, text) {
    one(".status", inside).textContent = text;
  }

  async function copy(button) {
    const text = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // No clipboard for pages that are neither local nor https.
      const field = document.body.appendChild(document.createElement("textarea"));
      field.value = text;
      field.select();
      document.execCommand("copy");
      field.remove();
      button.focus();
    }
    say(button.closest(".actions"), button.dataset.done);
  }

  // What a citation quotes, beside the marker that the pointer or the focus is on.
  const tip = document.createElement("div");
  tip.id = "tip";
  tip.setAttribute("role", "tooltip");
  tip.hidden = true;
  let described = null;
  let pressed = null; // a marker whose quote is shown in the paper needs no tip, which would cover it

  function explain(marker) {
    const card = one(`.card[data-marker="${marker.dataset.marker}"]`, marker.closest(".answer"));
    if (!card) return;
    forget();
    const parts = all(".place, .quote", card).map((part) => part.cloneNode(true));
    tip.replaceChildren(...parts);
    document.body.append(tip);
    tip.hidden = false;
    const { left, top, bottom } = marker.getBoundingClientRect();
    const { width, height } = tip.getBoundingClientRect();
    tip.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    tip.style.top = `${bottom + height + 8 < innerHeight ? bottom + 4 : Math.max(4, top - height - 4)}px`;
    marker.setAttribute("aria-describedby", "tip");
    described = marker;
  }

  function forget() {
    described?.removeAttribute("aria-describedby");
    described = null;
    tip.hidden = true;
  }

  const isBox = (target) => target.matches?.("#question textarea");

  function recall(box) {
    const last = all("#chat .question").at(-1)?.textContent;
    if (!last) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, last);
    box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  // Gradio takes no question while it is busy with the last one, or still cancelling it. One that
  // was sent then stays in the box, and is sent again until it is taken or turned down.
  let unsent = 0;
  let busyUntil = 0; // by performance.now()

  function insist(question) {
    clearInterval(unsent);
    const asked = all("#chat .user-row").length;
    unsent = setInterval(() => {
      const kept = one("#question textarea")?.value === question;
      const taken = !kept || all("#chat .user-row").length > asked;
      if (taken || one("#problem .problem")) clearInterval(unsent);
      else if (!one("#chat .growing")) one("#send").click();
    }, AGAIN_AFTER);
  }

  function refresh() {
    const log = one("#chat [role=log]");
    if (!log || !one("#drawer")) return; // Gradio has not built the page yet
    const named = one("#title .name");
    if (!named) return; // it does not know yet in which language to speak
    document.documentElement.lang = named.lang === "zh" ? "zh-CN" : "en";
    if (questions < 0) focus(); // until now the box was hidden
    one(".examples[role=list]", log)?.setAttribute("role", "group"); // its children are buttons
    if (described && !described.isConnected) forget();
    if (one(".growing", log)) busyUntil = performance.now() + SETTLED_AFTER;
    const latest = all(".answer", log).at(-1);
    const cites = latest ? all(".cite", latest) : [];
    const places = cites.map(({ dataset: d }) => [d.paper, d.start, d.end].join()).join();
    if (places !== answer) {
      answer = places;
      all("[aria-current]", log).forEach((button) => button.removeAttribute("aria-current"));
      askpaper.cite(cites);
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
      following = Boolean(one(".growing", log));
    }
  }

  document.addEventListener("click", (event) => {
    const { target } = event;
    const button = target.closest?.("button");
    if (button?.matches("#send, #stop, #clear")) focus();
    if (button?.matches("#stop, #clear")) {
      clearInterval(unsent);
      busyUntil = performance.now() + SETTLED_AFTER;
    }
    const line = target.closest?.(".answer .said p");
    if (button?.matches(".cite, .marker")) show(button);
    else if (button?.matches(".more")) fold(button);
    else if (button?.matches(".again")) askAgain(button.closest(".answer"));
    else if (button?.matches(".onward .next")) askpaper.asked({ question: button.textContent });
    else if (button?.matches(".copy")) copy(button);
    else if (button?.matches(".rate")) rate(button);
    else if (button?.matches(".tell")) tell(button.closest(".actions"), "down");
    else if (button?.id === "drawer") openDrawer(!one("#paper").classList.contains("open"));
    else if (button?.id === "menu") openSide(!one("#side").classList.contains("open"));
    else if (button?.id === "shut") openSide(false);
    else if (line && getSelection().isCollapsed) {
      const marker = markerBehind(line, event);
      if (marker) show(marker);
    }
  });
  document.addEventListener("pointerdown", ({ target }) => {
    pressed = target.closest?.(".answer .marker");
    if (pressed) forget();
  });
  for (const [begins, ends] of [["pointerover", "pointerout"], ["focusin", "focusout"]]) {
    document.addEventListener(begins, ({ target, pointerType }) => {
      const marker = target.closest?.(".answer .marker");
      if (marker && pointerType !== "touch" && marker !== pressed) explain(marker);
    });
    document.addEventListener(ends, ({ relatedTarget }) => {
      const next = relatedTarget?.closest?.(".answer .marker, #tip");
      if (!next) pressed = null;
      if (!tip.hidden && !next && document.activeElement !== described) forget();
    });
  }
  for (const gesture of ["pointerdown", "wheel", "touchmove", "keydown"])
    document.addEventListener(gesture, ({ target }) => {
      if (target.closest?.("#chat")) following = false;
    }, { passive: true });
  document.addEventListener("keydown", (event) => {
    const { key, target } = event;
    if (event.isComposing) return;
    if (key === "ArrowUp" && isBox(target) && !target.value) {
      event.preventDefault();
      recall(target);
    } else if (key === "Enter" && isBox(target) && !event.shiftKey && target.value.trim()) {
      if (one("#chat .growing") || performance.now() < busyUntil) insist(target.value);
    } else if (key === "Enter" && target.matches?.(".correction input")) {
      askAgain(target.closest(".answer"));
    } else if (key === "Enter" && target.matches?.(".reason input")) {
      tell(target.closest(".actions"), "down");
    } else if (key === "Escape") {
      if (one(":popover-open")) return; // the browser closes it
      if (!tip.hidden) forget();
      else if (one("#side.open")) openSide(false);
      else if (one("#chat .growing")) one("#stop").click();
    }
  });
  // Enter that confirms a word in an input method must not send the question.
  document.addEventListener("keypress", (event) => {
    if (event.isComposing) event.stopPropagation();
  }, true);

  let due = 0;
  new MutationObserver(() => {
    cancelAnimationFrame(due);
    due = requestAnimationFrame(refresh);
  }).observe(document, { childList: true, subtree: true, characterData: true });
})();
