// A file is sent by script, so that its progress is seen. Without it the form does the same.

const form = document.querySelector("[data-upload]");
const input = form?.querySelector("input[type=file]");
const drop = form?.querySelector(".drop");

if (form && input) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (input.files.length) send(input.files[0]);
  });
  input.addEventListener("change", () => {
    if (input.files.length) send(input.files[0]);
  });
  for (const type of ["dragenter", "dragover"]) {
    drop.addEventListener(type, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const type of ["dragleave", "drop"]) {
    drop.addEventListener(type, () => drop.classList.remove("over"));
  }
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    if (event.dataTransfer.files.length) send(event.dataTransfer.files[0]);
  });
}

function send(file) {
  const most = Number(form.dataset.mostBytes);
  if (file.size > most) {
    say("This file is larger than this server takes.");
    return;
  }
  const request = new XMLHttpRequest();
  const sending = form.querySelector(".sending");
  const progress = sending.querySelector("progress");
  const words = sending.querySelector("[data-progress]");
  const abort = form.querySelector("[data-abort]");
  const show = (is) => {
    sending.hidden = abort.hidden = !is;
    drop.hidden = form.querySelector("button.primary").hidden = is;
  };
  document.getElementById("message").replaceChildren();
  sending.querySelector("[data-name]").textContent = file.name;
  show(true);
  request.upload.addEventListener("progress", (event) => {
    const share = event.total ? Math.floor((100 * event.loaded) / event.total) : 0;
    progress.value = share;
    words.textContent = share < 100 ? `${share} % sent` : "Looking at it…";
  });
  request.addEventListener("load", () => {
    if (request.status === 201) {
      location.assign(request.getResponseHeader("Location"));
      return;
    }
    if (request.status === 401) {
      location.assign("/sign-in/");
      return;
    }
    show(false);
    // Our own answer: a notice that says what is wrong.
    const answer = new DOMParser().parseFromString(request.responseText, "text/html");
    document.getElementById("message").replaceChildren(...answer.body.childNodes);
    input.value = "";
  });
  request.addEventListener("error", () => {
    show(false);
    say("The file did not arrive: the connection broke off. Please try again.");
  });
  abort.onclick = () => {
    request.abort();
    show(false);
    input.value = "";
  };
  request.open("POST", form.getAttribute("action"));
  request.setRequestHeader("Content-Type", "application/octet-stream");
  request.setRequestHeader("HX-Request", "true");
  request.setRequestHeader("X-CSRF-Token", form.querySelector("[name=_csrf]").value);
  request.setRequestHeader("X-File-Name", encodeURIComponent(file.name));
  request.send(file);
}

function say(text) {
  const notice = document.createElement("div");
  notice.className = "notice problem";
  notice.textContent = text;
  document.getElementById("message").replaceChildren(notice);
}
