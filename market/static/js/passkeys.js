/**
 * Passkeys: a button with data-passkey="create" or "get" asks the browser, puts its answer in the form's field
 * "answer" and sends the form. Shown only where the browser can; without scripts there is the password.
 */

function toBytes(text) {
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function toText(buffer) {
  const binary = Array.from(new Uint8Array(buffer), (byte) => String.fromCharCode(byte)).join("");
  return btoa(binary).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function readQuestion(options) {
  const listed = (list) => (list ?? []).map((item) => ({ ...item, id: toBytes(item.id) }));
  const question = { ...options, challenge: toBytes(options.challenge) };
  if (options.user) {
    question.user = { ...options.user, id: toBytes(options.user.id) };
    question.excludeCredentials = listed(options.excludeCredentials);
  } else {
    question.allowCredentials = listed(options.allowCredentials);
  }
  return question;
}

function writeAnswer(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response, clientExtensionResults: {} });
}

async function askAndSend(button) {
  const form = button.form;
  const fetched = await fetch(button.dataset.passkeyUrl, { credentials: "same-origin" });
  if (!fetched.ok) throw new Error(`${fetched.status}`);
  const publicKey = readQuestion(await fetched.json());
  const credential = await navigator.credentials[button.dataset.passkey]({ publicKey });
  form.querySelector('[name="answer"]').value = writeAnswer(credential);
  form.requestSubmit(button);
}

function ask(event) {
  const button = event.currentTarget;
  const answer = button.form.querySelector('[name="answer"]');
  if (answer.value) return;
  event.preventDefault();
  const message = button.form.querySelector("[data-passkey-message]");
  message.hidden = true;
  askAndSend(button).catch(() => {
    answer.value = "";
    message.textContent = button.dataset.passkeyFailed;
    message.hidden = false;
  });
}

if (globalThis.PublicKeyCredential) {
  for (const button of document.querySelectorAll("[data-passkey]")) {
    button.hidden = false;
    button.addEventListener("click", ask);
  }
}
