// A service under test, by its member.json: where it answers what.
import { readFileSync } from 'node:fs'
import { ask, Browser } from './http.js'

const NEEDED = ['name', 'level', 'base', 'me', 'signIn', 'signOff']

const loginForm = (page) => /<form[^>]*id="kc-form-login"[^>]*>/.exec(page.body)?.[0]

/** What a person reads. */
const textOf = (page) => page.body.replace(/<(head|script|style)[\s\S]*?<\/\1>|<[^>]*>/g, ' ').replace(/\s+/g, ' ').trim().slice(0, 200)

async function enter (browser, page, person) {
  const form = { username: person, password: person, credentialId: '' }
  const submit = (page) => {
    const action = /action="([^"]+)"/.exec(loginForm(page))[1].replaceAll('&amp;', '&')
    return browser.go(action, { method: 'POST', form, headers: { Origin: new URL(action).origin } })
  }
  let answer = await submit(page)
  // Keycloak lets go of an attempt after it has answered. Who comes in between gets the form again, as if the password were wrong.
  if (!answer.location && loginForm(answer)) answer = await submit(answer)
  return answer.location ? browser.go(answer.location) : answer
}

/** One sign-in after the other: Keycloak refuses a user's second attempt while it is busy with the first. */
let last = Promise.resolve()
function oneAtATime (work) {
  const done = last.then(work)
  last = done.catch(() => {})
  return done
}

export class Member {
  static read (file, stack) {
    const said = JSON.parse(readFileSync(file))
    const missing = NEEDED.filter((name) => typeof said[name] !== 'string')
    if (missing.length) throw new Error(`${file} says nothing of: ${missing.join(', ')}`)
    if (!['guest', 'member'].includes(said.level)) throw new Error(`${file}: level is guest or member`)
    return new Member(said, stack)
  }

  constructor (said, stack) { Object.assign(this, said, { stack }) }

  url (path) { return `${this.stack.base}${this.base}/${path}` }

  /** Without the proxy, whose 503 is none of the member's; where that is known. */
  get direct () { return this.stack.direct ? Object.assign(Object.create(this), { url: (path) => `${this.stack.direct}${this.base}/${path}` }) : this }

  /** Who am I? @param cookie a Cookie header */
  async whoIs (cookie, headers = {}) {
    const answer = await ask(this.url(this.me), { headers: { Accept: 'application/json', ...(cookie && { Cookie: cookie }), ...headers } })
    let user = null
    try { user = JSON.parse(answer.body) } catch {}
    return { ...answer, user }
  }

  putAttribute (cookie, name, text, headers = { Origin: this.stack.base }) {
    return ask(this.url(`${this.attributes}/${name}`), { method: 'PUT', headers: { Cookie: cookie, 'Content-Type': 'text/plain', ...headers }, body: text })
  }

  postSignOff (cookie, headers = { 'Sec-Fetch-Site': 'same-origin' }, method = 'POST') {
    return ask(this.url(this.signOff), { method, headers: { Cookie: cookie, 'Content-Type': 'application/x-www-form-urlencoded', ...headers } })
  }

  /** Signs a person in with a password, as far as the page after the callback. @return {browser, cookie, id, asked, answer} */
  async signInAs (person, browser = new Browser()) {
    const before = browser.cookie(this.stack.cookieName)
    let page = await browser.go(this.url(this.signIn))
    const asked = page.location
    for (let i = 0; i < 10 && page.location; i++) {
      if (page.url.startsWith(this.url('')) && new URL(page.url).searchParams.has('code')) break
      page = await browser.go(page.location)
    }
    const askedForPassword = loginForm(page) !== undefined
    if (askedForPassword) page = await oneAtATime(() => enter(browser, page, person))
    const value = browser.cookie(this.stack.cookieName)
    // Who is signed in may be sent home instead of to the provider.
    const sentHome = asked && !asked.startsWith(this.stack.issuer)
    if (!value || (value === before && !sentHome)) throw new Error(`no session cookie came back from the callback: ${page.status} at ${new URL(page.url).pathname}: ${textOf(page)}`)
    return { browser, asked, askedForPassword, answer: page, id: this.stack.own(this.stack.idIn(value)), cookie: `${this.stack.cookieName}=${value}` }
  }
}
