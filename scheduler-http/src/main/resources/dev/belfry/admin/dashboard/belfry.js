// SPDX-License-Identifier: Apache-2.0
// Everything works without this: it keeps numbers fresh, remembers the theme, and saves clicks.
(function () {
  "use strict";
  var root = document.documentElement;

  function read(key, otherwise) {
    try { return localStorage.getItem("belfry." + key) || otherwise; } catch (denied) { return otherwise; }
  }
  function write(key, value) {
    try { localStorage.setItem("belfry." + key, value); } catch (denied) { /* not remembered */ }
  }
  function all(selector, action, within) {
    Array.prototype.forEach.call((within || document).querySelectorAll(selector), action);
  }

  // Before the page is drawn, so that it does not flash.
  function theme(name) {
    if (name === "auto") { root.removeAttribute("data-theme"); } else { root.setAttribute("data-theme", name); }
  }
  theme(read("theme", "auto"));

  function choice(name, otherwise, change) {
    var attribute = "data-" + name;
    function show(value) {
      all("button[" + attribute + "]", function (button) {
        button.setAttribute("aria-pressed", String(button.getAttribute(attribute) === value));
      });
    }
    all("button[" + attribute + "]", function (button) {
      button.addEventListener("click", function () {
        var value = button.getAttribute(attribute);
        write(name, value);
        show(value);
        change(value);
      });
    });
    show(read(name, otherwise));
  }

  // Relative times go on.
  function coarse(seconds) {
    if (seconds < 60) { return Math.floor(seconds) + " s"; }
    if (seconds < 3600) { return Math.floor(seconds / 60) + " min"; }
    if (seconds < 172800) { return Math.floor(seconds / 3600) + " h"; }
    return Math.floor(seconds / 86400) + " d";
  }
  var skew = 0; // how far this clock is ahead of the store's
  function tick() {
    all("time[data-ago]", function (time) {
      var seconds = (Date.now() - skew - Date.parse(time.getAttribute("datetime"))) / 1000;
      var size = Math.abs(seconds);
      if (size > 5184000) { return; }
      var words = size < 1 ? "now" : seconds < 0 ? "in " + coarse(size) : coarse(size) + " ago";
      if (time.textContent !== words) { time.textContent = words; }
    });
  }

  // Live numbers: a stream, or where that fails a question every five seconds.
  var source = null, timer = null, failures = 0, address = null;
  function show(numbers) {
    if (numbers.now) { skew = Date.now() - Date.parse(numbers.now); }
    all("[data-live]", function (element) {
      var value = numbers[element.getAttribute("data-live")];
      if (value === undefined) { return; }
      if (element.classList.contains("badge")) { element.hidden = value === "0"; }
      if (element.textContent !== value) { element.textContent = value; }
    });
    all("[data-new]", function (link) {
      link.hidden = !numbers["new"];
      if (numbers["new"]) { link.textContent = "Show " + numbers["new"] + " new"; }
    });
  }
  function stop() {
    if (source) { source.close(); source = null; }
    clearInterval(timer);
    timer = null;
  }
  function ask() {
    fetch(address, { headers: { accept: "application/json" }, credentials: "same-origin" })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(function (numbers) { if (numbers) { show(numbers); } })
      .catch(function () { /* asked again later */ });
  }
  function start() {
    stop();
    if (!address || document.hidden || read("live", "live") === "off") { return; }
    if (!window.EventSource || failures > 2) {
      ask();
      timer = setInterval(ask, 5000);
      return;
    }
    source = new EventSource(address);
    source.onmessage = function (message) { failures = 0; show(JSON.parse(message.data)); };
    source.onerror = function () {
      failures += 1;
      if (failures > 2) { start(); }
    };
  }

  document.addEventListener("DOMContentLoaded", function () {
    all("[data-switch]", function (group) { group.hidden = false; });
    choice("theme", "auto", theme);
    choice("live", "live", start);
    address = document.body.getAttribute("data-stream");
    var now = document.body.getAttribute("data-now");
    if (now) { skew = Date.now() - Date.parse(now); }
    setInterval(tick, 1000);
    start();
    document.addEventListener("visibilitychange", start);
    window.addEventListener("pagehide", stop);

    // One box for all rows, and buttons that know whether a row is chosen.
    all("form[data-choose]", function (form) {
      var every = form.querySelector("[data-every]");
      var count = form.querySelector("[data-chosen]");
      function boxes() { return Array.prototype.slice.call(form.querySelectorAll("input[name=id]")); }
      function update() {
        var chosen = boxes().filter(function (box) { return box.checked; }).length;
        if (every) {
          every.checked = chosen > 0 && chosen === boxes().length;
          every.indeterminate = chosen > 0 && chosen < boxes().length;
        }
        if (count) { count.textContent = chosen === 0 ? "None chosen" : chosen + " chosen"; }
        all("button[data-needs]", function (button) { button.disabled = chosen === 0; }, form);
      }
      if (every) {
        every.parentNode.hidden = false;
        every.addEventListener("change", function () {
          boxes().forEach(function (box) { box.checked = every.checked; });
          update();
        });
      }
      form.addEventListener("change", update);
      update();
    });

    // Choices that need no button.
    all("select[data-go]", function (select) {
      select.addEventListener("change", function () { select.form.submit(); });
    });

    // A slash goes to the search.
    document.addEventListener("keydown", function (event) {
      var typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName);
      var search = document.querySelector("[data-search]");
      if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey && search) {
        event.preventDefault();
        search.focus();
      }
    });
  });
})();
