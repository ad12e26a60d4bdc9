/** The provider's few pages: plain HTML, no script but one automatic form, no style sheet from elsewhere. */

/** Makes text safe inside HTML. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}

/** A whole page. `body` is HTML. */
export function page(title: string, body: string): string {
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} – Demo tenant</title>
<style>
  body { font: 16px/1.5 system-ui, sans-serif; max-width: 26rem; margin: 3rem auto; padding: 0 1rem; color: #1b2330; background: #f5f7fa }
  main { background: #fff; padding: 1.5rem 2rem; border: 1px solid #d5dbe5; border-radius: 8px }
  h1 { font-size: 1.3rem; margin: 0 0 .5rem } p { margin: .5rem 0 }
  label { display: block; margin: .8rem 0 .2rem } input { font: inherit; width: 100%; box-sizing: border-box; padding: .4rem .5rem }
  button { font: inherit; margin: 1rem .5rem 0 0; padding: .45rem 1.2rem } .error { color: #a4161a; font-weight: 600 }
  footer { margin-top: 1rem; color: #5a6577; font-size: .85rem }
</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
</main>
<footer>Demo tenant: every name and number here is made up.</footer>
</body>
</html>
`;
}

/** The login form. Fields `#login`, `#password`, button `#submit`. */
export function loginPage(action: string, login: string, error: string | null): string {
  return page(
    'Sign in to the demo tenant',
    `${error === null ? '' : `<p class="error" role="alert">${escapeHtml(error)}</p>`}
<form method="post" action="${escapeHtml(action)}">
<label for="login">User</label>
<input id="login" name="login" value="${escapeHtml(login)}" autocomplete="username" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button id="submit" type="submit">Sign in</button>
</form>
<p>Try <b>demo</b> with any password. <b>other</b> belongs to another organisation, <b>norole</b> has no supervisor role;
the password <b>wrong</b> is refused.</p>`,
  );
}

/** The consent page. Buttons `#allow` and `#deny`; each scope is a list item. */
export function consentPage(action: string, person: string, client: string, scopes: readonly string[]): string {
  return page(
    'Allow access?',
    `<p><b>${escapeHtml(client)}</b> asks for access as <b>${escapeHtml(person)}</b>:</p>
<ul id="scopes">${scopes.map((scope) => `<li><code>${escapeHtml(scope)}</code></li>`).join('')}</ul>
<form method="post" action="${escapeHtml(action)}">
<button id="allow" name="answer" value="allow" type="submit">Allow</button>
<button id="deny" name="answer" value="deny" type="submit">Deny</button>
</form>`,
  );
}

/** What a captive portal shows instead of the answer. */
export function portalPage(): string {
  return page(
    'Welcome to Demo Guest Wi-Fi',
    '<p>Please accept the terms of use to go online.</p><form method="post" action="/accept"><button>Accept</button></form>',
  );
}
