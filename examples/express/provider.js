// The OpenID provider: code flow with PKCE, refresh, logout. openid-client does the protocol.
import { webcrypto } from 'node:crypto'
import * as oidc from 'openid-client'

globalThis.crypto ??= webcrypto // Node 18
const claimsIn = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url'))
/** In ms; null of a token that does not say. */
export function issuedAt (jwt) {
  try { return claimsIn(jwt).iat * 1000 || null } catch { return null }
}
const PROFILE = ['email', 'given_name', 'family_name', 'preferred_username', 'name']

/** What claims say of a user; what they do not say stays as it was. */
function said (claims, before) {
  const texts = PROFILE.filter((name) => typeof claims[name] === 'string').map((name) => [name, claims[name]])
  return { name: claims.preferred_username ?? claims.name ?? before.name, profile: { ...before.profile, ...Object.fromEntries(texts) } }
}

export class Provider {
  /** @param url how we reach it; its issuer may be another, public address */
  static async discover (name, url, clientId, clientSecret) {
    const metadata = await (await fetch(url + '/.well-known/openid-configuration')).json()
    const config = new oidc.Configuration(metadata, clientId, clientSecret)
    if (url.startsWith('http:')) oidc.allowInsecureRequests(config)
    // Browser endpoints are named by the public address; we ask the same path at ours.
    const endSession = metadata.end_session_endpoint.replace(metadata.issuer + '/', url + '/')
    return new Provider(name, config, endSession, { client_id: clientId, client_secret: clientSecret })
  }

  constructor (name, config, logoutAddress, credentials) { Object.assign(this, { name, config, logoutAddress, credentials }) }

  get issuer () { return this.config.serverMetadata().issuer }

  /** Where the browser signs in, and what its callback must be checked against. */
  async start (redirectUri) {
    const verifier = oidc.randomPKCECodeVerifier(), state = oidc.randomState(), nonce = oidc.randomNonce()
    const url = oidc.buildAuthorizationUrl(this.config, {
      redirect_uri: redirectUri, scope: 'openid profile email', state, nonce, code_challenge_method: 'S256',
      code_challenge: await oidc.calculatePKCECodeChallenge(verifier)
    })
    return { url: url.href, checks: { verifier, state, nonce } }
  }

  /** @param callback the callback's URL as the browser asked for it */
  async finish (callback, { verifier, state, nonce }) {
    const answer = await oidc.authorizationCodeGrant(this.config, callback,
      { pkceCodeVerifier: verifier, expectedState: state, expectedNonce: nonce, idTokenExpected: true })
    const { iss: issuer, sub: subject, sid, iat, ...claims } = answer.claims()
    const user = { provider: this.name, issuer, subject, sid, ...said(claims, { name: subject, profile: {} }) }
    return { user, tokens: this.#tokens(answer), issuedAt: iat * 1000 }
  }

  /** Throws an error whose `error` is invalid_grant when this refresh token will never work. */
  async refresh ({ refresh, issuer, subject, name, profile }) {
    const answer = await oidc.refreshTokenGrant(this.config, refresh)
    const claims = answer.claims()
    if (claims && (claims.iss !== issuer || claims.sub !== subject)) throw Object.assign(new Error('another user'), { error: 'invalid_grant' })
    return { ...this.#tokens(answer), ...said(claims ?? {}, { name, profile }) }
  }

  async endSession (refreshToken) {
    if (!refreshToken) return
    const answer = await fetch(this.logoutAddress, { method: 'POST', body: new URLSearchParams({ ...this.credentials, refresh_token: refreshToken }) })
    if (!answer.ok) throw new Error(`logout answered ${answer.status}`)
  }

  #tokens (answer) {
    return {
      access: answer.access_token, accessExpires: Date.now() + (answer.expires_in ?? 60) * 1000, refresh: answer.refresh_token,
      roles: claimsIn(answer.access_token).realm_access?.roles ?? []
    }
  }
}
