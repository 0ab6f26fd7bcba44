// A guest of the shared session (docs/session-contract.md): stock libraries and settings, nothing of ours.
import { webcrypto } from 'node:crypto'
import { RedisStore } from 'connect-redis'
import express from 'express'
import session from 'express-session'
import { allowInsecureRequests, Configuration } from 'openid-client'
import { Strategy } from 'openid-client/passport'
import passport from 'passport'
import { createClient } from 'redis'

globalThis.crypto ??= webcrypto // Node 18
const env = process.env
const BASE = env.SSO_BASE_URL
const PATH = '/guest'
const secure = BASE.startsWith('https:')
const IDLE = 30 * 60, ABSOLUTE = 8 * 3600 // seconds

// --- the session: the same cookie, key and limits as everybody's --------------------------------------------------------
const redis = createClient({ url: env.REDIS_URL, disableOfflineQueue: true })
redis.on('error', (error) => console.error('redis:', error.message))
await redis.connect()

const secondsLeft = (session) => (session.sso ? Math.ceil((session.sso.until - Date.now()) / 1000) : 600)
const app = express()
app.set('trust proxy', 'loopback')
// nginx speaks http to us; express-session sends a Secure cookie only where it believes in TLS.
app.use((req, res, next) => { req.headers['x-forwarded-proto'] = secure ? 'https' : 'http'; next() })
app.use(session({
  name: secure ? '__Host-sso' : 'sso',
  secret: env.SSO_COOKIE_SECRETS.split(','),
  cookie: { secure, sameSite: 'lax' },
  resave: false,
  saveUninitialized: false,
  store: new RedisStore({ client: redis, prefix: 'sess:', ttl: (session) => Math.min(IDLE, secondsLeft(session)) })
}))

// --- the provider ------------------------------------------------------------------------------------------------------
const discovery = await fetch(env.SSO_PROVIDERS_KEYCLOAK_URL + '/.well-known/openid-configuration')
const provider = new Configuration(await discovery.json(), env.SSO_PROVIDERS_KEYCLOAK_CLIENT_ID, env.SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET)
if (env.SSO_PROVIDERS_KEYCLOAK_URL.startsWith('http:')) allowInsecureRequests(provider)

const rolesIn = (jwt) => JSON.parse(Buffer.from(jwt.split('.')[1], 'base64url')).realm_access?.roles ?? []
passport.use('keycloak', new Strategy(
  { config: provider, scope: 'openid profile email', callbackURL: `${BASE}${PATH}/auth/keycloak/callback` },
  (tokens, done) => {
    const { iss: issuer, sub: subject, preferred_username: name } = tokens.claims()
    done(null, { issuer, subject, name: name ?? subject, roles: rolesIn(tokens.access_token) })
  }))
passport.serializeUser((req, user, done) => {
  req.session.sso = { until: Date.now() + ABSOLUTE * 1000 } // saved in one go with the user
  done(null, user)
})
passport.deserializeUser((user, done) => done(null, user))
app.use(passport.session())

// --- what it does ------------------------------------------------------------------------------------------------------
const pages = express.Router()
app.use(PATH, pages)

pages.get('/auth/keycloak', passport.authenticate('keycloak'))
pages.get('/auth/keycloak/callback', passport.authenticate('keycloak', { successRedirect: PATH + '/', failureRedirect: PATH + '/auth/failed' }))
pages.get('/auth/failed', (req, res) => res.status(400).send('The sign-in did not work. Please begin again.'))

pages.post('/auth/sign-off', (req, res, next) => {
  const site = req.get('Sec-Fetch-Site')
  if (site && site !== 'none' ? site !== 'same-origin' : req.get('Origin') !== BASE) return res.status(403).send('Only from a page of this site.')
  req.session.destroy((error) => {
    if (error) return next(error)
    res.clearCookie(secure ? '__Host-sso' : 'sso', { path: '/', httpOnly: true, secure, sameSite: 'lax' })
    res.redirect(303, '/users/')
  })
})

pages.use((req, res, next) => { res.set('Cache-Control', 'no-store'); next() })
pages.get('/api/me', (req, res) => (req.user ? res.json(req.user) : res.status(401).json({ title: 'Not signed in' })))
pages.get('/', (req, res) => {
  if (!req.user) return res.redirect(PATH + '/auth/keycloak')
  const name = String(req.user.name).replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
  res.send(`<!doctype html><html lang="en"><title>Express guest</title><h1>Hello ${name}</h1>
<form method="post" action="/users/auth/sign-off"><button>Sign out</button></form>`)
})

// "Cannot tell" is not "not there": nothing is deleted, and the same cookie works when Redis is back.
app.use((error, req, res, next) => {
  console.error(error.message)
  if (res.headersSent) return next(error)
  res.status(503).set('Retry-After', '2').send('The service is unavailable. Please try again in a moment.')
})

app.listen(Number(env.PORT), '127.0.0.1', () => console.log('ready'))
