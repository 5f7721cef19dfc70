// The paper's pane. Citations point into a paper by character offsets; this finds the sentences,
// shows them, and searches. Words are marked by highlights, which leave the text as it is.
const askpaper = {};
(() => {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const one = (selector, root = document) => root.querySelector(selector);
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];
  const shownPaper = () => one("#text article:not([hidden])");
  let hits = [];
  let here = -1;

  function overlapping({ paper, start, end }) {
    const article = all("#text article").find((each) => each.dataset.paper === paper);
    const sentences = article ? all("[data-start]", article) : [];
    return sentences.filter((s) => +s.dataset.start < +end && +start < +s.dataset.end);
  }

  // Offsets count characters, the browser counts UTF-16 units.
  const units = (text, count) => [...text].slice(0, Math.max(0, count)).join("").length;

  function rangeOf(paper, start, end) {
    const [first, ...rest] = overlapping({ paper, start, end });
    if (!first) return [];
    const last = rest.at(-1) ?? first;
    const range = new Range();
    range.setStart(first.firstChild, units(first.textContent, start - first.dataset.start));
    range.setEnd(last.firstChild, units(last.textContent, end - last.dataset.start));
    return [range];
  }

  function highlight(name, ranges, priority = 0) {
    if (!window.CSS?.highlights) return; // an old browser shows the sentence, not the words
    const made = new Highlight(...ranges);
    made.priority = priority;
    CSS.highlights.set(name, made);
  }

  function mark(name, sentences) {
    all(`#text .${name}`).forEach((sentence) => sentence.classList.remove(name));
    sentences.forEach((sentence) => sentence.classList.add(name));
  }

  const scrollTo = (element) =>
    element.scrollIntoView({ block: "center", behavior: calm.matches ? "auto" : "smooth" });

  function choose(paper) {
    if (shownPaper()?.dataset.paper === paper) return;
    all("#paper [data-paper]:is(article, ol)").forEach((each) => {
      each.hidden = each.dataset.paper !== paper;
    });
    const shelf = one("#paper .shelf");
    if (shelf) shelf.value = paper;
    search();
  }

  // Shows the place that a button or sentence of an answer points to; false if it is not there.
  askpaper.show = ({ dataset }) => {
    const found = overlapping(dataset);
    if (!found.length) return false;
    choose(dataset.paper);
    mark("shown", found);
    const words = (spans = "") =>
      spans.split(" ").filter(Boolean).flatMap((span) => {
        const [start, end] = span.split("-").map(Number);
        return rangeOf(dataset.paper, start, end);
      });
    highlight("met", words(dataset.met), 1);
    highlight("told", words(dataset.told), 2);
    requestAnimationFrame(() => scrollTo(found[0]));
    return true;
  };

  askpaper.cite = (places) => {
    mark("shown", []);
    ["met", "told"].forEach((name) => highlight(name, []));
    mark("cited", places.flatMap(({ dataset }) => overlapping(dataset)));
  };

  // Search.
  function finds(wanted) {
    const escaped = wanted.trim().replace(/[.*+?^${}()|[\]\\\/]/g, "\\$&");
    if (!escaped) return [];
    const pattern = new RegExp(escaped.replace(/\s+/g, "\\s+"), "giu");
    return all(":is(h1, h2, h3, h4, h5, h6, p)", shownPaper()).flatMap((block) => {
      const walker = document.createTreeWalker(block, NodeFilter.SHOW_TEXT);
      const nodes = [];
      for (let at = 0, node; (node = walker.nextNode()); at += node.length) nodes.push([at, node]);
      const point = (offset) => nodes.findLast(([at]) => at <= offset);
      return [...block.textContent.matchAll(pattern)].map((found) => {
        const range = new Range();
        const [first, start] = point(found.index);
        const [last, end] = point(found.index + found[0].length - 1);
        range.setStart(start, found.index - first);
        range.setEnd(end, found.index + found[0].length - last);
        return range;
      });
    });
  }

  function search() {
    const wanted = one("#paper .find input")?.value ?? "";
    hits = shownPaper() ? finds(wanted) : [];
    highlight("hit", hits, 3);
    step(0, hits.length ? 0 : -1);
    if (wanted.trim() && !hits.length) one(".find output").value = one(".find output").dataset.none;
  }

  function step(by, to = (here + by + hits.length) % (hits.length || 1)) {
    here = to;
    const current = hits[here];
    highlight("here", current ? [current] : [], 4);
    const count = one("#paper .find output");
    if (count) count.value = current ? `${here + 1} / ${hits.length}` : "";
    if (current) scrollTo(current.startContainer.parentElement);
  }

  let typing = 0;
  document.addEventListener("input", ({ target }) => {
    if (!target.matches?.(".find input")) return;
    clearTimeout(typing);
    typing = setTimeout(search, 120);
  });
  document.addEventListener("change", ({ target }) => {
    if (target.matches?.(".shelf")) choose(target.value);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.target.matches?.(".find input") || event.isComposing) return;
    if (event.key === "Enter") step(event.shiftKey ? -1 : 1);
    else if (event.key === "Escape") {
      event.target.value = "";
      search();
    } else return;
    event.preventDefault();
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("#paper .tools button");
    if (button?.matches(".previous")) step(-1);
    else if (button?.matches(".following")) step(1);
    else if (button?.matches(".entry")) {
      button.closest("details").open = false;
      const [heading] = overlapping(button.dataset);
      if (heading) heading.scrollIntoView({ block: "start" });
    } else if (!target.closest?.(".contents")) one(".contents[open]")?.removeAttribute("open");
  });
})();
