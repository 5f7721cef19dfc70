// What this browser keeps: the conversations, one entry each, and the language. The server sends
// changes as the value of #store; a page that is loaded again hands everything back.
(() => {
  const PREFIX = "askpaper/";
  const keys = () => Object.keys(localStorage).filter((key) => key.startsWith(PREFIX)).sort();

  function take(name) {
    const value = sessionStorage.getItem(name);
    sessionStorage.removeItem(name);
    return value;
  }

  askpaper.kept = () => {
    try {
      return {
        language: localStorage.getItem("askpaper-language"),
        current: sessionStorage.getItem("askpaper-current"),
        typed: take("askpaper-typed"),
        conversations: keys().map((key) => localStorage.getItem(key)),
      };
    } catch {
      return {}; // the browser keeps nothing for this page
    }
  };

  function keep(key, text) {
    for (;;)
      try {
        localStorage.setItem(PREFIX + key, text);
        return;
      } catch (error) {
        const oldest = keys().find((each) => each !== PREFIX + key);
        if (!oldest) throw error;
        localStorage.removeItem(oldest); // the store is full
      }
  }

  function hand({ name, type, text }) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
    if (name) link.download = name;
    else link.target = "_blank";
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  askpaper.store = (change) => {
    if (change.file) hand(change.file);
    if (change.page) askpaper.leaf(change.page);
    try {
      if (change.language) localStorage.setItem("askpaper-language", change.language);
      if (change.keep) keep(...change.keep);
      if (change.drop) localStorage.removeItem(PREFIX + change.drop);
      if (change.current) sessionStorage.setItem("askpaper-current", change.current);
    } catch (error) {
      console.warn("askpaper: nothing is kept", error);
    }
  };

  // A server that was started anew knows nothing of this page: load it again, and go on there.
  let server = "";
  const notice = document.createElement("p");
  notice.id = "lost";
  notice.className = "problem";
  notice.setAttribute("role", "alert");

  async function look() {
    if (document.hidden) return;
    try {
      const answer = await fetch("gradio_api/app_id", { cache: "no-store" });
      const { app_id: id } = await answer.json();
      notice.remove();
      if (server && server !== id) {
        const typed = document.querySelector("#question textarea")?.value ?? "";
        sessionStorage.setItem("askpaper-typed", typed);
        location.reload();
      }
      server = id;
    } catch {
      const { lost } = document.querySelector("#title .name")?.dataset ?? {};
      if (!lost || notice.isConnected) return;
      document.querySelector("#ask").before(notice);
      notice.textContent = lost;
    }
  }
  look();
  setInterval(look, 4000);
  document.addEventListener("visibilitychange", look);
})();
