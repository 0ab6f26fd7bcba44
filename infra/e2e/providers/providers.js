// Two providers beside Keycloak, for the end-to-end tests. Anybody who gives a name signs in with it.
//
//   acme:   an OpenID provider (npm's oidc-provider, certified): refresh tokens that rotate, back-channel logout
//   octo:   speaks OAuth 2.0 only, in the manner of GitHub: no ID token, no refresh token, no end of a token, errors with
//           status 200, numbers for subjects, form-encoded answers for who does not ask for JSON
import { createHash, randomBytes } from 'node:crypto';
import http from 'node:http';
import Provider from 'oidc-provider';

const env = process.env;
const callbacks = (name) => ['users', 'projects'].map((service) => `${env.BASE_URL}/${service}/auth/${name}/callback`);

// --- acme ---------------------------------------------------------------------------------------------------------------

const issuer = `http://localhost:${env.ACME_PORT}`;
const acme = new Provider(issuer, {
  clients: [
    {
      client_id: 'sso',
      client_secret: env.CLIENT_SECRET,
      redirect_uris: callbacks('acme'),
      grant_types: ['authorization_code', 'refresh_token'],
      backchannel_logout_uri: `${env.INTERNAL_URL}/auth/acme/back-channel-logout`,
      backchannel_logout_session_required: true,
      post_logout_redirect_uris: ['users', 'projects'].map((service) => `${env.BASE_URL}/${service}/`),
    },
  ],
  features: { devInteractions: { enabled: true }, backchannelLogout: { enabled: true }, revocation: { enabled: true } },
  pkce: { required: () => true },
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
  conformIdTokenClaims: false,
  findAccount: (ctx, id) => ({
    accountId: id,
    claims: () => ({ sub: id, name: id, preferred_username: id, email: `${id}@example.org` }),
  }),
  issueRefreshToken: () => true,
  rotateRefreshToken: true,
  ttl: { AccessToken: Number(env.ACME_ACCESS_SECONDS ?? 300), RefreshToken: 3600, Session: 3600, Grant: 3600, IdToken: 300, Interaction: 300 },
  // Nobody is asked for consent: the client is the house's own.
  async loadExistingGrant(ctx) {
    const grant = new ctx.oidc.provider.Grant({ clientId: ctx.oidc.client.clientId, accountId: ctx.oidc.session.accountId });
    grant.addOIDCScope('openid profile email offline_access');
    await grant.save();
    return grant;
  },
  cookies: { keys: [randomBytes(32).toString('hex')] },
});

let revoked = 0;
acme.on('grant.revoked', () => { revoked += 1; });

// --- octo ---------------------------------------------------------------------------------------------------------------

const codes = new Map();
const tokens = new Map();
const people = new Map();
const numberOf = (login) => people.get(login) ?? people.set(login, 583000 + people.size).get(login);
const answered = { 'Cache-Control': 'no-store' };

function json(response, status, body) {
  response.writeHead(status, { ...answered, 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function form(request) {
  let text = '';
  for await (const chunk of request) text += chunk;
  return new URLSearchParams(text);
}

const escaped = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

const octo = http.createServer(async (request, response) => {
  const url = new URL(request.url, `http://localhost:${env.OCTO_PORT}`);
  const at = `${request.method} ${url.pathname}`;
  if (at === 'GET /login/oauth/authorize') {
    if (url.searchParams.get('client_id') !== 'sso' || !callbacks('octo').includes(url.searchParams.get('redirect_uri'))) {
      return json(response, 404, { message: 'Not Found' });
    }
    response.writeHead(200, { ...answered, 'Content-Type': 'text/html' }).end(
      `<form method="post" action="${escaped(request.url)}"><label>Name <input name="login"></label><button>Sign in</button></form>`);
  } else if (at === 'POST /login/oauth/authorize') {
    const code = randomBytes(10).toString('hex');
    codes.set(code, { login: (await form(request)).get('login'), challenge: url.searchParams.get('code_challenge'), to: url.searchParams.get('redirect_uri') });
    const back = new URL(url.searchParams.get('redirect_uri'));
    back.searchParams.set('code', code);
    back.searchParams.set('state', url.searchParams.get('state'));
    response.writeHead(302, { ...answered, Location: back.href }).end();
  } else if (at === 'POST /login/oauth/access_token') {
    const sent = await form(request);
    const known = codes.get(sent.get('code'));
    codes.delete(sent.get('code'));
    const basic = Buffer.from((request.headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString();
    const secret = sent.get('client_secret') ?? decodeURIComponent(basic.split(':')[1] ?? '');
    const verified = known && (!known.challenge ||
      known.challenge === createHash('sha256').update(sent.get('code_verifier') ?? '').digest('base64url'));
    let body = { error: 'bad_verification_code', error_description: 'The code passed is incorrect or expired.' };
    if (secret !== env.CLIENT_SECRET) {
      body = { error: 'incorrect_client_credentials' };
    } else if (verified && known.to === sent.get('redirect_uri')) {
      const token = `gho_${randomBytes(18).toString('hex')}`;
      tokens.set(token, known.login);
      body = { access_token: token, token_type: 'bearer', scope: 'read:user' };
    }
    if ((request.headers.accept ?? '').includes('application/json')) return json(response, 200, body);
    response.writeHead(200, { ...answered, 'Content-Type': 'application/x-www-form-urlencoded' }).end(new URLSearchParams(body).toString());
  } else if (at === 'GET /user') {
    const login = tokens.get((request.headers.authorization ?? '').replace(/^(Bearer|token) /i, ''));
    if (!login) return json(response, 401, { message: 'Bad credentials' });
    json(response, 200, { login, id: numberOf(login), name: login, email: `${login}@example.org`, type: 'User' });
  } else if (at === 'DELETE /settings/applications') {
    // What a person does on GitHub's page of authorized applications.
    for (const [token, login] of tokens) if (login === url.searchParams.get('login')) tokens.delete(token);
    response.writeHead(204).end();
  } else if (at === 'GET /test/revoked-at-acme') {
    json(response, 200, revoked);
  } else {
    json(response, 404, { message: 'Not Found' });
  }
});

acme.listen(Number(env.ACME_PORT), '127.0.0.1', () =>
  octo.listen(Number(env.OCTO_PORT), '127.0.0.1', () => console.log('listening')));
