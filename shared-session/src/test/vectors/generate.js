// Writes ../resources/vectors/*.json: what express-session and its parts make of cookies. Run `npm ci && npm run generate`
// and commit the result. Nothing random in it: the same packages give the same files.
import { createCipheriv, createHash, createHmac } from 'node:crypto'
import { writeFileSync, mkdirSync } from 'node:fs'
import { IncomingMessage, ServerResponse } from 'node:http'
import cookie from 'cookie'
import signature from 'cookie-signature'
import session from 'express-session'

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
function present (why, value, secrets = [NEW, OLD]) {
  presented.push({ why, secrets, header: 'sso=' + value, id: askedFor(secrets, 'sso=' + value) })
}
const encoded = (id, secret) => encodeURIComponent('s:' + signature.sign(id, secret))
// An id whose signature shows every trait: + and / in it, and a last character with slack bits.
const id = [...Array(1000).keys()].map(i => 'session-for-the-vectors-' + i)
  .find(i => /\+.*\//.test(signature.sign(i, NEW)) && /[a-z]/.test(signature.sign(i, NEW).at(-1)))
const good = 's:' + signature.sign(id, NEW)
const mac = good.slice(good.lastIndexOf('.') + 1)
const with_ = other => 's:' + id + '.' + other
const next = c => { const a = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'; return a[a.indexOf(c) ^ 1] }

present('signed by the first secret', encoded(id, NEW))
present('signed by the second secret', encoded(id, OLD))
present('signed by a removed secret', encoded(id, GONE))
present('signed by the second secret, after its removal', encoded(id, OLD), [NEW])
present('not percent-encoded', good)
present('percent-encoded in lower case', encoded(id, NEW).replace(/%../g, e => e.toLowerCase()))
present('every character percent-encoded', [...good].map(c => '%' + c.charCodeAt(0).toString(16)).join(''))
present('in double quotes', '"' + encoded(id, NEW) + '"')
present('in single quotes', "'" + encoded(id, NEW) + "'")
present('blanks around it', ' \t' + encoded(id, NEW) + '\t ')
present('percent-encoded twice', encodeURIComponent(encoded(id, NEW)))
present('a plus where the signature has one, as a form would decode it', with_(mac.replaceAll('+', ' ')))
for (const n of [1, 2, 10, 42, 43]) present(`signature shorter by ${n}`, with_(mac.slice(0, -n)))
for (const n of [1, 10, 42]) present(`signature without its first ${n}`, with_(mac.slice(n)))
present('padded', with_(mac + '='))
present('padded, percent-encoded', encodeURIComponent(with_(mac + '=')))
present('padded twice', with_(mac + '=='))
present('base64url', with_(mac.replaceAll('+', '-').replaceAll('/', '_')))
present('hexadecimal', with_(Buffer.from(mac, 'base64').toString('hex')))
present('signature in lower case', with_(mac.toLowerCase()))
present('signature in upper case', with_(mac.toUpperCase()))
present('slack bits of the last character set', with_(mac.slice(0, -1) + next(mac.at(-1))))
for (let i = 0; i < 43; i += 7) present(`signature wrong at ${i}`, with_(mac.slice(0, i) + next(mac[i]) + mac.slice(i + 1)))
for (const more of ['A', '.', '%00', '%0a', '%20x', ' x', ',', '%ff', '\u00e9', '.' + mac]) present('followed by ' + JSON.stringify(more), good + more)
present('doubled', good + good)
present('doubled with a comma', good + ',' + good)
present('no prefix', good.slice(2))
present('prefix in upper case', 'S:' + good.slice(2))
present('prefix twice', 's:' + good)
present('JSON prefix of cookie-parser', 'j:' + good.slice(2))
present('prefix and nothing else', 's:')
present('no id', 's:.' + mac)
present('no id, signed', 's:' + signature.sign('', NEW))
present('no signature', 's:' + id)
present('empty signature', 's:' + id + '.')
present('signature of another id', 's:' + id + 'x.' + mac)
present('id in another case', 's:' + id.toUpperCase() + '.' + mac)
present('id cut', 's:' + id.slice(1) + '.' + mac)
present('empty', '')
present('only blanks', '   ')
present('not decodable', good + '%')
present('not decodable, bad digits', '%zz' + good)
present('not UTF-8', '%c3%28' + good)
present('overlong UTF-8', '%c0%ae' + good)
present('surrogate in UTF-8', '%ed%a0%80' + good)
present('256 KiB of nothing', 'A'.repeat(256 * 1024))
present('256 KiB before the signature', 's:' + 'A'.repeat(256 * 1024) + '.' + mac)
present('256 KiB of dots', 's:' + '.'.repeat(256 * 1024))

// --- which of several it takes -------------------------------------------------------------------------------------------
function takes (why, header) { presented.push({ why, secrets: [NEW, OLD], header, id: askedFor([NEW, OLD], header) }) }
const other = encoded('another-session-0123456789', NEW)
takes('two cookies of the name: the first counts', `sso=${encoded(id, NEW)}; sso=${other}`)
takes('a planted first one hides the real one', `sso=planted; sso=${encoded(id, NEW)}`)
takes('an empty first one hides the real one', `sso=; sso=${encoded(id, NEW)}`)
takes('names differ in case', `SSO=${other}; Sso=${other}; sso=${encoded(id, NEW)}`)
takes('names that begin or end alike', `xsso=${other}; ssox=${other}; sso.x=${other}; __Host-sso=${other}; sso=${encoded(id, NEW)}`)
takes('a pair without a value', `sso; sso=${encoded(id, NEW)}`)
takes('no blank after the semicolon', `a=b;sso=${encoded(id, NEW)};c=d`)
takes('a comma separates nothing', `a=b, sso=${encoded(id, NEW)}`)
takes('the name inside another value', `a=sso=${encoded(id, NEW)}`)
takes('the name inside quotes', `a="; sso=${encoded(id, NEW)}"`)
takes('no name', `=${encoded(id, NEW)}`)
takes('the old syntax', `$Version=1; sso=${encoded(id, NEW)}; $Path=/`)

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
const sealed = [['access', 'an access token'], ['refresh', ''], ['access', 'tökèn \u{1F511} ' + 'x'.repeat(3000)]].map(([field, text], n) => {
  const place = { redisKey: `{sess:${id}}:sso`, field, version: '1' }
  const nonce = Buffer.alloc(12, n + 1)
  const cipher = createCipheriv('aes-256-gcm', key, nonce)
  cipher.setAAD(Buffer.from(`${place.redisKey}\0${place.field}\0${place.version}`))
  const all = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()])
  return { ...place, key: 'vector:' + key.toString('base64'), text, sealed: 'vector.' + all.toString('base64url') }
})
const sha256 = text => createHash('sha256').update(text).digest('hex')
const digests = {
  session: { id, hash: sha256(id) },
  pair: { first: 'https://provider.test/realms/sso', second: 'sid-ü', hash: sha256('https://provider.test/realms/sso\0sid-ü') },
  derived: { key: key.toString('base64'), purpose: 'sign-in state', is: createHmac('sha256', key).update('sign-in state').digest('base64') }
}

const versions = { express_session: '1.19.0', cookie_signature: '1.0.7', cookie: '0.7.2' }
mkdirSync(new URL('../resources/vectors/', import.meta.url), { recursive: true })
const write = (name, content) => writeFileSync(new URL(`../resources/vectors/${name}.json`, import.meta.url),
  // Everything beyond ASCII escaped, so that no editor or platform encoding can change a vector; long runs by count.
  JSON.stringify({ versions, ...content }, null, 1).replace(/[\u007f-\uffff]/g, c => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'))
    .replace(/(A|\.|x)\1{999,}/g, (run, c) => `<${run.length}x${c}>`) + '\n')
write('signed-cookies', { signed, presented })
write('cookie-headers', { parsed })
write('sealed-tokens', { sealed, digests })
write('express-json', { ours, rewritten: back.written[id], setsCookieOnRead: untouched.res.getHeader('set-cookie') !== undefined })
