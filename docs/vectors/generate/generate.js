// Writes ../*.json: what express-session and its parts make of cookies. Run `npm ci && npm run generate`
// and commit the result. Nothing random in it: the same packages give the same files.
import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { IncomingMessage, ServerResponse } from 'node:http'
import cookie from 'cookie'
import signature from 'cookie-signature'
import session from 'express-session'
import { cookies, isTelling } from './cookies.js'
import { records } from './records.js'

const NEW = 'the-secret-that-signs-0123456789abcdef'
const OLD = 'the-secret-before-it-0123456789abcdef'
const GONE = 'a-secret-long-removed-0123456789abcdef'
const UTF8 = 'gehëimnis-\u{1F511}-0123456789-0123456789-\u00fc'
const IDS = [
  'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA',
  '0123456789abcdefghijklmnopqrstuvwxyzABCDEFG',
  'a-b_c-d_e-f_g-h_i-j_k-l_m-n_o-p_',
  '________________________________-----------',
]

/** Runs the real middleware; the store notes which session it is asked for. */
function express (secrets, header, options = {}) {
  const asked = []
  const written = {}
  const store = Object.assign(new session.Store(), {
    get: (sid, done) => { asked.push(sid); done(null, options.stored && JSON.parse(options.stored)) },
    set: (sid, data, done) => { written[sid] = JSON.stringify(data); done && done() },
    touch: (sid, data, done) => done && done(),
    destroy: (sid, done) => done && done()
  })
  const req = new IncomingMessage(null)
  req.url = req.originalUrl = '/'
  req.connection = { encrypted: true }
  if (header !== undefined) req.headers.cookie = header
  const res = new ServerResponse(req)
  session({
    name: options.name ?? 'sso', secret: secrets, store, resave: false, saveUninitialized: false,
    genid: options.genid, cookie: options.cookie
  })(req, res, () => {})
  return { asked, written, req, res }
}

const askedFor = (secrets, header) => express(secrets, header).asked[0] ?? null

// --- what it sets -----------------------------------------------------------------------------------------------------
const signed = []
for (const secrets of [[NEW], [NEW, OLD], [UTF8]]) {
  for (const id of IDS) {
    const { req, res } = express(secrets, undefined, {
      genid: () => id, name: '__Host-sso', cookie: { secure: true, sameSite: 'lax' }
    })
    req.session.written = true
    res.writeHead(200)
    signed.push({ secrets, id, value: 's:' + signature.sign(id, secrets[0]), setCookie: [res.getHeader('set-cookie')].flat()[0] })
  }
}

// --- what it accepts: `value` is the cookie's value as it stands in the header ------------------------------------------
const presented = []
const encoded = (id, secret) => encodeURIComponent('s:' + signature.sign(id, secret))
const id = [...Array(1000).keys()].map(i => 'session-for-the-vectors-' + i).find(id => isTelling(id, NEW))
for (const { why, header, onlyFirst } of cookies(id, { first: NEW, second: OLD, gone: GONE })) {
  const secrets = onlyFirst ? [NEW] : [NEW, OLD]
  presented.push({ why, secrets, header, id: askedFor(secrets, header) })
}

// --- cookie.parse on its own -------------------------------------------------------------------------------------------
const headers = [
  '', ';', '=', '==', ';;', 'sso', 'sso=', 'sso=;', ' sso = a ', '\tsso\t=\ta\t', 'sso="a"', 'sso="', 'sso=""', 'sso="""', 'sso="a', 'sso=a"',
  'sso=" a "', 'sso= "a" ', 'sso=%22a%22', 'sso="%61"', 'sso=a=b', 'sso=a; sso=b', 'x=1; sso=a', 'sso=%', 'sso=%4', 'sso=%41', 'sso=%4G', 'sso=%G1',
  'sso=%e2%82%ac', 'sso=%E2%82', 'sso=%80', 'sso=%00', 'sso=a+b', 'sso=a%2Bb', 'sso=\u00e9', 'sso=\u00e9%41', 'sso=%\uff14\uff11', 'sso=\u00a0a\u00a0',
  'sso=%f4%8f%bf%bf', 'sso=%f4%90%80%80', 'sso=%f0%9f%94%91', 'sso=%c0%80', 'sso=%+1', 'sso=%-1', 'x; sso=a', 'x;sso;sso=a', 'x;;=;sso=a', 'sso;=a', 'a=b=sso; sso=c', ' ; sso=a',
  '__proto__=x; sso=a', 'sso=a\u0000b', '"sso"=a', 'sso =a; sso=b'
]
// The same headers in every run: a linear congruential generator.
let seed = 20260101
const random = n => { seed = (seed * 1103515245 + 12345) % 2147483648; return Math.floor(seed / 65536) % n }
const pieces = ['sso', 'sso', 'sso=', '=', ';', '; ', ' ', '\t', '"', '%', '%41', '%2', '%c3%a9', '%c3', 'a', 'b', ',', 'x=1', '\u00e9', 's:']
for (let i = 0; i < 400; i++) headers.push(Array.from({ length: 1 + random(9) }, () => pieces[random(pieces.length)]).join(''))
const parsed = headers.map(header => ({ header, value: cookie.parse(header).sso ?? null }))

// --- the JSON of a session, as we write it and as Express writes it back ---------------------------------------------------
const ours = '{"cookie":{"originalMaxAge":null,"expires":null,"secure":true,"httpOnly":true,"path":"/","sameSite":"lax"},' +
  '"passport":{"user":{"issuer":"https://provider.test/realms/sso","subject":"248289761001","name":"alice","roles":["admin","user"]}},' +
  '"sso":{"until":1767254400000}}'
const back = express([NEW], 'sso=' + encoded(id, NEW), { stored: ours })
back.req.session.cart = { items: ['écran', 2], 'a.b': null }
await new Promise(resolve => back.req.session.save(resolve))
const untouched = express([NEW], 'sso=' + encoded(id, NEW), { stored: ours })
untouched.res.writeHead(200)

// --- tokens at rest and digests, by a second implementation (Node's) ------------------------------------------------------
const key = Buffer.from([...Array(32).keys()])
let nonces = 0
function seal (text, place) {
  const nonce = Buffer.alloc(12, ++nonces)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(`${place.redisKey}\0${place.field}\0${place.version}`))
  return 'vector.' + Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64url')
}
const sealed = [['access', 'an access token'], ['refresh', ''], ['access', 'tökèn \u{1F511} ' + 'x'.repeat(3000)]].map(([field, text]) => {
  const place = { redisKey: `{sess:${id}}:sso`, field, version: '1' }
  return { ...place, key: 'vector:' + key.toString('base64'), text, sealed: seal(text, place) }
})
const sha256 = text => createHash('sha256').update(text).digest('hex')
const digests = {
  session: { id, hash: sha256(id) },
  pair: { first: 'https://provider.test/realms/sso', second: 'sid-ü', hash: sha256('https://provider.test/realms/sso\0sid-ü') },
  derived: { key: key.toString('base64'), purpose: 'sign-in state', is: createHmac('sha256', key).update('sign-in state').digest('base64') }
}

const versions = { express_session: '1.19.0', cookie_signature: '1.0.7', cookie: '0.7.2' }
const write = (name, content) => writeFileSync(new URL(`../${name}.json`, import.meta.url),
  // Everything beyond ASCII escaped, so that no editor or platform encoding can change a vector; long runs by count.
  JSON.stringify({ versions, ...content }, null, 1).replace(/[\u007f-\uffff]/g, c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'))
    .replace(/(A|\.|x)\1{999,}/g, (run, c) => `<${run.length}x${c}>`) + '\n')
write('signed-cookies', { signed, presented })
write('cookie-headers', { parsed })
write('records', { id, key: 'vector:' + key.toString('base64'), records: records(id, ours, seal) })
write('sealed-tokens', { sealed, digests })
write('express-json', { ours, rewritten: back.written[id], setsCookieOnRead: untouched.res.getHeader('set-cookie') !== undefined })
