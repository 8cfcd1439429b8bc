/** Signing in where an API wants to know who asks: OpenID Connect's authorization code with PKCE.
 *
 * Sources: OpenID Connect Core 1.0, section 3.1; RFC 7636 (PKCE); RFC 9207 (`iss` in the answer).
 */

const KEPT = "sign-in"; // in sessionStorage, from leaving for the issuer until coming back

/**
 * Return what the server says of the issuer, or null where nobody has to sign in.
 *
 * @returns {{issuer: string, client_id: string, scope: string, audience: string, origins: string[]} | null}
 */
export function readSettings() {
  const { content } = document.querySelector('meta[name="sign-in"]');
  return content ? JSON.parse(content) : null;
}

/**
 * Leave for the issuer, who sends the person back to this page.
 *
 * @throws {Error} the issuer can't be asked; says why in words
 */
export async function leaveForIssuer(settings) {
  const { authorization_endpoint } = await discover(settings);
  const begun = { state: drawText(), nonce: drawText(), verifier: drawText() };
  sessionStorage.setItem(KEPT, JSON.stringify(begun));
  const address = new URL(authorization_endpoint);
  const asked = {
    response_type: "code",
    client_id: settings.client_id,
    redirect_uri: ownAddress(),
    scope: settings.scope,
    audience: settings.audience, // which some issuers want, and others pass over
    state: begun.state,
    nonce: begun.nonce,
    code_challenge: toBase64Url(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(begun.verifier))),
    code_challenge_method: "S256",
  };
  Object.entries(asked).forEach(([name, value]) => address.searchParams.set(name, value));
  location.assign(address);
}

/**
 * Return the access token of a person who comes back from the issuer, or null for one who doesn't.
 *
 * What was kept, and what stands in the address, is gone from there before anybody is asked.
 *
 * @throws {Error} the issuer let nobody in, or its answer isn't to what was asked; in words
 */
export async function comeBack(settings) {
  const answer = new URLSearchParams(location.search);
  const begun = JSON.parse(sessionStorage.getItem(KEPT) ?? "{}");
  sessionStorage.removeItem(KEPT);
  if (!answer.has("state")) return null;
  history.replaceState(null, "", ownAddress());
  const isForeign = answer.has("iss") && answer.get("iss") !== settings.issuer;
  if (answer.get("state") !== begun.state || isForeign) {
    throw new Error("That sign-in did not begin on this page.");
  }
  if (answer.has("error")) throw new Error(`The issuer let nobody in: ${answer.get("error")}.`);
  return fetchToken(settings, answer.get("code"), begun);
}

async function fetchToken(settings, code, { verifier, nonce }) {
  const { token_endpoint } = await discover(settings);
  const asked = { grant_type: "authorization_code", client_id: settings.client_id, redirect_uri: ownAddress(), code, code_verifier: verifier };
  const { access_token, id_token } = await ask(token_endpoint, { method: "POST", body: new URLSearchParams(asked) });
  if (!id_token || readClaims(id_token).nonce !== nonce) throw new Error("The issuer's answer is to another sign-in.");
  return access_token;
}

/** Return the issuer's addresses, which must be where the page may ask. */
async function discover({ issuer, origins }) {
  const found = await ask(`${issuer.replace(/\/$/, "")}/.well-known/openid-configuration`);
  if (found.issuer !== issuer) throw new Error("The issuer's description is of another issuer.");
  const { origin } = new URL(found.token_endpoint);
  if (!origins.includes(origin)) {
    throw new Error(`The issuer gives out tokens at ${origin}, which this page may not ask; JwtTokenOrigin has to name it.`);
  }
  if (!found.authorization_endpoint.startsWith("https://")) throw new Error("The issuer's address for signing in isn't safe.");
  return found;
}

async function ask(address, options = {}) {
  const answer = await fetch(address, { cache: "no-store", credentials: "omit", ...options }).catch(() => {
    throw new Error("The issuer doesn't answer, or doesn't let this page ask (CORS).");
  });
  if (!answer.ok) throw new Error(`The issuer refused: it answered ${answer.status}.`);
  return answer.json();
}

/** Return what an id token says; it came from the issuer itself, which is proof enough (Core, 3.1.3.7). */
function readClaims(token) {
  const [, claims] = token.split(".");
  return JSON.parse(atob(claims.replaceAll("-", "+").replaceAll("_", "/")));
}

function ownAddress() {
  return location.origin + location.pathname;
}

/** Return 256 random bits as text. */
function drawText() {
  return toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
}

function toBase64Url(bytes) {
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}
