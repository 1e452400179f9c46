/* What makes pages nicer where scripts run. Every page works without it. */
(function () {
  "use strict";

  const wide = window.matchMedia("(min-width: 64em)");

  function each(selector, act) {
    document.querySelectorAll(selector).forEach(act);
  }

  /* Words shown by this file are on the page, so that they can be translated: <template id="portal-words">. */
  const words = { ...(document.getElementById("portal-words")?.dataset || {}) };

  /* An error summary takes the focus, so that a screen reader begins with it. */
  document.querySelector("[data-focus]")?.focus();

  /* Panels that are folded on phones are open on wide screens, for those who cannot see that they are. */
  function unfold() {
    each("[data-wide-open]", (panel) => {
      if (wide.matches) panel.open = true;
    });
  }
  unfold();
  wide.addEventListener("change", unfold);

  /* Menus close with Escape and by a click elsewhere. */
  function closeMenus(except) {
    each("details[data-menu][open]", (menu) => {
      if (menu !== except) menu.open = false;
    });
  }
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details[data-menu]")));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const menu = document.querySelector("details[data-menu][open]");
    if (menu) {
      closeMenus();
      menu.querySelector("summary").focus();
    }
  });

  /* data-confirm="what will happen": asked before the form goes or the link is followed. */
  document.addEventListener("submit", (event) => {
    const asked = event.submitter?.dataset.confirm || event.target.dataset.confirm;
    if (asked && !window.confirm(asked)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[data-confirm]");
    if (link && !window.confirm(link.dataset.confirm)) event.preventDefault();
  });

  /* data-key="n" on a link or button: Alt and the letter act as a click; the hint is shown beside it. */
  const keyed = new Map();
  each("[data-key]", (target) => {
    const key = target.dataset.key.toLowerCase();
    keyed.set(key, target);
    target.setAttribute("aria-keyshortcuts", "Alt+" + key.toUpperCase());
    const hint = document.createElement("kbd");
    hint.className = "portal-key";
    hint.setAttribute("aria-hidden", "true");
    hint.textContent = "Alt " + key.toUpperCase();
    target.append(hint);
  });
  document.addEventListener("keydown", (event) => {
    if (!event.altKey || event.ctrlKey || event.metaKey) return;
    const target = keyed.get(event.code.replace(/^(Key|Digit)/, "").toLowerCase());
    if (target) {
      event.preventDefault();
      target.click();
    }
  });

  /* A typed password can be looked at. */
  each("input[type=password]", (field) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "usa-button usa-button--unstyled portal-show";
    button.setAttribute("aria-controls", field.id);
    const say = () => {
      button.textContent = field.type === "password" ? words.show || "Show password" : words.hide || "Hide password";
    };
    button.addEventListener("click", () => {
      field.type = field.type === "password" ? "text" : "password";
      say();
    });
    field.form?.addEventListener("submit", () => (field.type = "password"));
    say();
    field.after(button);
  });

  /* A look-up is asked with q, whatever the field is called. */
  document.body.addEventListener("htmx:configRequest", (event) => {
    const field = event.detail.elt;
    if (field.matches?.("[data-lookup]")) event.detail.parameters.q = field.value;
  });

  /* A panel that comes anew in the background keeps the rows that were open. */
  let opened = [];
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    opened = [...event.detail.target.querySelectorAll("details")].map((one) => one.open);
  });
  document.body.addEventListener("htmx:oobAfterSwap", (event) => {
    document
      .getElementById(event.detail.target.id)
      ?.querySelectorAll("details")
      .forEach((one, place) => (one.open = opened[place] ?? one.open));
    unfold();
  });

  /* What was mended is no longer marked: `mending` on the page names the fields that still are wrong. */
  function unmark(field) {
    const group = field.closest(".usa-form-group");
    const error = document.getElementById(field.id + "_error") || group?.querySelector(".usa-error-message");
    error?.remove();
    group?.classList.remove("usa-form-group--error");
    group?.querySelector(".usa-input-group--error")?.classList.remove("usa-input-group--error");
    for (const one of [field, group?.querySelector("fieldset")]) {
      if (!one) continue;
      one.classList.remove("usa-input--error");
      one.removeAttribute("aria-invalid");
      const told = (one.getAttribute("aria-describedby") || "").split(" ").filter((id) => id && id !== error?.id);
      if (told.length) one.setAttribute("aria-describedby", told.join(" "));
      else one.removeAttribute("aria-describedby");
    }
  }
  let marked = [];
  document.body.addEventListener("htmx:oobBeforeSwap", (event) => {
    if (event.detail.target.id === "mending") marked = event.detail.target.value.split(",");
  });
  document.body.addEventListener("htmx:oobAfterSwap", (event) => {
    if (event.detail.target.id !== "mending") return;
    const still = (document.getElementById("mending")?.value || "").split(",");
    for (const name of marked) {
      const field = name && !still.includes(name) && document.getElementById("id_" + name);
      if (field) unmark(field);
    }
  });

  /* What happens in the background and fails is said where its success would be, and nothing typed is touched. */
  function failed(event, text) {
    const place = event.detail.target;
    if (place?.matches("[role=status]")) {
      place.textContent = text;
      place.classList.add("portal-saved--bad");
    }
  }
  const unsaved = () => words.unsaved || "Not saved yet. It is sent when you press the button.";
  const signedOut = () =>
    words.signedout || "Not saved: you were signed out. Press the button: what you typed is kept while you sign in.";
  document.body.addEventListener("htmx:responseError", (event) =>
    failed(event, event.detail.xhr.status === 401 ? signedOut() : unsaved()),
  );
  document.body.addEventListener("htmx:sendError", (event) => failed(event, unsaved()));
  document.body.addEventListener("htmx:beforeSwap", (event) => {
    const address = event.detail.xhr.responseURL || "";
    if (address.includes("/accounts/login/")) {
      event.detail.shouldSwap = false;
      failed(event, signedOut());
    } else if (event.detail.shouldSwap) {
      event.detail.target.classList.remove("portal-saved--bad");
    }
  });

  /* data-autosave on a form: what is typed goes to its address (or the one named) in the background.
     The answer may carry X-Row-Version, the number that the next save has to name. */
  each("form[data-autosave]", (form) => {
    const address = form.dataset.autosave || form.action;
    let said = form.querySelector("[data-saved]");
    if (!said) {
      said = document.createElement("p");
      said.className = "portal-saved";
      form.append(said);
    }
    said.setAttribute("role", "status");
    let timer = 0;
    let going = null;
    let again = false;

    function say(text, bad) {
      said.textContent = text;
      said.classList.toggle("portal-saved--bad", Boolean(bad));
    }

    async function post() {
      const answer = await fetch(address, {
        method: "POST",
        body: new FormData(form),
        headers: { "X-Autosave": "1" },
        credentials: "same-origin",
        redirect: "manual",
      });
      if (answer.status === 412 || answer.status === 409) {
        return say(words.stale || "Somebody else changed this. Nothing of yours is lost: send the page to see both.", true);
      }
      if (!answer.ok) throw new Error(String(answer.status));
      const version = answer.headers.get("X-Row-Version");
      const field = form.elements.namedItem("row_version");
      if (version && field) field.value = version;
      const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      return say((words.saved || "Saved at {time}").replace("{time}", time));
    }

    async function save() {
      if (going) {
        again = true;
        return going;
      }
      going = post().catch(() => say(words.unsaved || "Not saved yet. It is sent when you press the button.", true));
      await going;
      going = null;
      if (again) {
        again = false;
        return save();
      }
      return undefined;
    }

    form.addEventListener("change", () => {
      window.clearTimeout(timer);
      timer = window.setTimeout(save, 600);
    });
    form.addEventListener("submit", (event) => {
      window.clearTimeout(timer);
      if (!going || event.defaultPrevented) return;
      event.preventDefault();
      again = false;
      const button = event.submitter;
      going.finally(() => form.requestSubmit(button));
    });
  });
})();
