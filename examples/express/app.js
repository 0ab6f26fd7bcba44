// A member of the shared session (docs/session-contract.md) in Express.
import express from 'express'
import { createClient } from 'redis'
import { adopt } from './adopt.js'
import { Cookie, returnPath, Seal } from './contract.js'
import { Memory } from './memory.js'
import { Provider } from './provider.js'
import { begin, signOff } from './sign.js'
import { Sessions, Unavailable } from './sso.js'

const env = process.env
const BASE = env.SSO_BASE_URL, PATH = '/express', PENDING = 'sso-express', ADOPT = env.SSO_GUESTS_ADOPT === 'true'
const callbackUrl = `${BASE}${PATH}/auth/keycloak/callback`

const redis = createClient({ url: env.REDIS_URL, disableOfflineQueue: true })
redis.on('error', (error) => console.error('redis:', error.message))
await redis.connect()
const provider = await Provider.discover('keycloak', env.SSO_PROVIDERS_KEYCLOAK_URL, env.SSO_PROVIDERS_KEYCLOAK_CLIENT_ID, env.SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET)
const cookie = new Cookie(BASE, env.SSO_COOKIE_SECRETS)
const seal = new Seal(env.SSO_ENCRYPTION_KEYS)
const sessions = new Sessions({ redis, provider, seal, scripts: env.SSO_SCRIPTS, service: 'express' })
// Where the fleet sends its events over Redis, we hear them, and may remember. Otherwise each request asks.
if (env.SSO_EVENTS_TRANSPORT === 'redis') {
  sessions.memory = new Memory({ redis, run: sessions.run.bind(sessions), encryptionKey: seal.keys.values().next().value })
  await sessions.memory.start()
}

const app = express(), pages = express.Router()
app.use(PATH, pages)
pages.use((req, res, next) => { res.set('Cache-Control', 'no-store'); next() })
// Only this site's own pages may write with the cookie.
pages.use((req, res, next) => {
  const site = req.get('Sec-Fetch-Site'), safe = ['GET', 'HEAD', 'OPTIONS'].includes(req.method)
  return safe || (site && site !== 'none' ? site === 'same-origin' : req.get('Origin') === BASE) ? next() : res.status(403).send('Only from a page of this site.')
})

// --- sign-in: what the callback is checked against travels in a sealed cookie of this browser
const pendingAttributes = { path: `${PATH}/auth/keycloak`, httpOnly: true, secure: cookie.secure, sameSite: 'lax' }
pages.get('/auth/keycloak', async (req, res) => {
  const { url, checks } = await provider.start(callbackUrl)
  res.cookie(PENDING, seal.seal('sign-in', 'pending', JSON.stringify({ ...checks, back: returnPath(req.query.return) })), { ...pendingAttributes, maxAge: 600_000 }).redirect(url)
})
pages.get('/auth/keycloak/callback', async (req, res) => {
  const pending = req.get('Cookie')?.split('; ').find((pair) => pair.startsWith(PENDING + '='))?.slice(PENDING.length + 1)
  res.clearCookie(PENDING, pendingAttributes)
  const checks = await calmly(() => JSON.parse(seal.open('sign-in', 'pending', pending)))
  const signedIn = checks && await calmly(() => provider.finish(new URL(req.originalUrl, BASE), checks))
  const id = signedIn && await begin(sessions, signedIn, req.get('User-Agent') ?? '', cookie.secure, cookie.idIn(req.get('Cookie')))
  if (!id) return res.status(400).send(`<p>The sign-in did not work. <a href="${PATH}/">Begin again</a>`)
  res.append('Set-Cookie', cookie.set(id)).redirect(checks.back ?? PATH + '/')
})
async function calmly (work) {
  try { return await work() } catch (error) { console.warn('sign-in:', error.name) }
}

pages.post('/auth/sign-off', async (req, res) => {
  const id = cookie.idIn(req.get('Cookie'))
  if (id) await signOff(sessions, id)
  res.append('Set-Cookie', cookie.clear()).redirect(303, '/users/')
})

// --- who is it
const isBackground = (req) => ['GET', 'HEAD'].includes(req.method) && (req.get('Prefer') === 'background' ||
  req.get('Accept') === 'text/event-stream' || req.get('Upgrade')?.toLowerCase() === 'websocket')
pages.use(async (req, res, next) => {
  const id = cookie.idIn(req.get('Cookie')), background = isBackground(req)
  req.user = await sessions.find(id, background)
  if (id && !req.user && ADOPT && await adopt(sessions, id, provider.name, provider.issuer)) req.user = await sessions.find(id, background)
  next()
})
pages.get('/', (req, res) => {
  if (!req.user) return res.redirect(PATH + '/auth/keycloak')
  const name = req.user.name.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`)
  res.send(`<!doctype html><html lang="en"><title>Express member</title><h1>Hello ${name}</h1>
<form method="post" action="${PATH}/auth/sign-off"><button>Sign out</button></form>`)
})
pages.use('/api', (req, res, next) => (req.user ? next() : res.status(401).json({ title: 'Not signed in' })))
pages.get('/api/me', (req, res) => {
  const { issuer, subject, name, roles, attributes, accessExpires } = req.user
  res.json({ issuer, subject, name, roles, attributes, accessExpires })
})
pages.put('/api/attributes/:name', express.text({ type: () => true, limit: '16kb' }), async (req, res) => {
  const done = await sessions.change(req.user.id, (all) => ({ ...all, [req.params.name]: String(req.body ?? '') }))
  res.sendStatus(done ? 204 : 401)
})

app.use((error, req, res, next) => {
  if (error instanceof RangeError) return res.status(400).json({ title: error.message })
  console.error(error.message)
  if (error instanceof Unavailable) return res.status(503).set('Retry-After', '2').send('Please try again in a moment.')
  res.status(500).send('That did not work.')
})

app.listen(Number(env.PORT), '127.0.0.1', () => console.log('ready'))
