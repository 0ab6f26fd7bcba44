// Cookies to present to a member: good ones, and every way of being wrong that we could think of. generate.js asks
// express-session what it makes of them; infra/conformance asks a member, with that stack's secrets.
import { createHmac } from 'node:crypto'

export const sign = (id, secret) => id + '.' + createHmac('sha256', secret).update(id).digest('base64').replace(/=+$/, '')
const encoded = (id, secret) => encodeURIComponent('s:' + sign(id, secret))

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/'
/** The character that differs in the lowest bit. */
const next = c => ALPHABET[ALPHABET.indexOf(c) ^ 1]

/** Whether an id's signature shows every trait: + and / in it, and a last character with slack bits. */
export const isTelling = (id, secret) => /\+.*\//.test(sign(id, secret)) && /[a-z]/.test(sign(id, secret).at(-1))

/**
 * @param id a session's id, telling under `first`
 * @param secrets `first` signs, `second` verifies too, `gone` does neither any more; with `onlyFirst`, `second` does not verify
 * @return {why, header, onlyFirst}: the Cookie header, for a cookie called `name`
 */
export function cookies (id, { first, second, gone }, name = 'sso') {
  const all = []
  const header = (why, text, onlyFirst = false) => all.push({ why, header: text, onlyFirst })
  const present = (why, value, onlyFirst) => header(why, `${name}=${value}`, onlyFirst)
  const good = 's:' + sign(id, first)
  const mac = good.slice(good.lastIndexOf('.') + 1)
  const with_ = other => 's:' + id + '.' + other

  present('signed by the first secret', encoded(id, first))
  present('signed by the second secret', encoded(id, second))
  present('signed by a removed secret', encoded(id, gone))
  present('signed by the second secret, after its removal', encoded(id, second), true)
  present('not percent-encoded', good)
  present('percent-encoded in lower case', encoded(id, first).replace(/%../g, e => e.toLowerCase()))
  present('every character percent-encoded', [...good].map(c => '%' + c.charCodeAt(0).toString(16)).join(''))
  present('in double quotes', '"' + encoded(id, first) + '"')
  present('in single quotes', "'" + encoded(id, first) + "'")
  present('blanks around it', ' \t' + encoded(id, first) + '\t ')
  present('percent-encoded twice', encodeURIComponent(encoded(id, first)))
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
  for (const more of ['A', '.', '%00', '%0a', '%20x', ' x', ',', '%ff', '\u00e9']) present('followed by ' + JSON.stringify(more), good + more)
  present('followed by a dot and its signature again', good + '.' + mac)
  present('doubled', good + good)
  present('doubled with a comma', good + ',' + good)
  present('no prefix', good.slice(2))
  present('prefix in upper case', 'S:' + good.slice(2))
  present('prefix twice', 's:' + good)
  present('JSON prefix of cookie-parser', 'j:' + good.slice(2))
  present('prefix and nothing else', 's:')
  present('no id', 's:.' + mac)
  present('no id, signed', 's:' + sign('', first))
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

  // Which of several it takes.
  const other = encoded('another-session-0123456789', first)
  header('two cookies of the name: the first counts', `${name}=${encoded(id, first)}; ${name}=${other}`)
  header('a planted first one hides the real one', `${name}=planted; ${name}=${encoded(id, first)}`)
  header('an empty first one hides the real one', `${name}=; ${name}=${encoded(id, first)}`)
  header('names differ in case', `${name.toUpperCase()}=${other}; ${name}=${encoded(id, first)}`)
  header('names that begin or end alike', `x${name}=${other}; ${name}x=${other}; ${name}.x=${other}; __Host-${name}=${other}; ${name}=${encoded(id, first)}`)
  header('a pair without a value', `${name}; ${name}=${encoded(id, first)}`)
  header('no blank after the semicolon', `a=b;${name}=${encoded(id, first)};c=d`)
  header('a comma separates nothing', `a=b, ${name}=${encoded(id, first)}`)
  header('the name inside another value', `a=${name}=${encoded(id, first)}`)
  header('the name inside quotes', `a="; ${name}=${encoded(id, first)}"`)
  header('no name', `=${encoded(id, first)}`)
  header('the old syntax', `$Version=1; ${name}=${encoded(id, first)}; $Path=/`)
  return all
}
