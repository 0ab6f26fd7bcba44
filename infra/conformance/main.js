#!/usr/bin/env node
// infra/conform: see there. Outside its checkout: `infra/conform --pack`, and --help.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { eventChecks } from './checks-events.js'
import { guestChecks } from './checks-guest.js'
import { memberChecks } from './checks-member.js'
import { Stack } from './contract.js'
import { Member } from './member.js'
import { matrix } from './matrix.js'
import { providerChecks } from './checks-provider.js'
import { ScriptedProvider } from './provider.js'
import { Redis } from './redis.js'
import { oidcChecks, oidcMemberChecks } from './checks-oidc.js'
import { scriptChecks } from './checks-scripts.js'
import { sizes } from './sizes.js'
import { watch, whoAsked } from './watch.js'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { member: { type: 'string', multiple: true, default: [] }, only: { type: 'string', multiple: true }, matrix: { type: 'string' }, sizes: { type: 'boolean' }, person: { type: 'string', default: 'alice' }, login: { type: 'string' }, help: { type: 'boolean', short: 'h' } }
})
const HELP = `Tests whether services keep the session contract (docs/session-contract.md).

usage: [--only CHECK]... --member member.json URL
       --sizes --member member.json URL
       --matrix FILE --member A.json --member B.json ... URL

  --person NAME  who signs in (alice); the password is the name
  --login FILE   module for another form than Keycloak's: infra/conformance/login.js says what it exports

Settings, in the environment (infra/conform takes them from a stack of infra/up):

  SSO_COOKIE_SECRETS, SSO_ENCRYPTION_KEYS  as the fleet has them
  CONFORM_REDIS_URL        redis://user:password@host:port of a user with all rights, MONITOR included
  CONFORM_ISSUER           of the provider
  CONFORM_DIRECT           origin of the service itself, behind any proxy
  CONFORM_REDIS_USER       the service's Redis user
  CONFORM_LOG              file with the service's log
  CONFORM_PROVIDER_PORT    port of this machine that the service takes for its provider: the kit answers there, late, wrongly or not at all,
  CONFORM_PROVIDER_TARGET  and passes all else on to the provider's own address
  CONFORM_START            shell command that starts the service anew, once the kit listens there
  CONFORM_TIMES, CONFORM_DEBUG  yes: how long each check takes; where it could not ask

Ends with 1 if the service violates the contract, with 2 if the kit could not test.`
const env = process.env
const need = (name) => env[name] ?? stop(`${name} is not set (--help)`)
let stack, leaving
class Stopped extends Error {}
/** What the checks have changed is put back first, within three seconds. */
const leave = (code) => { leaving ??= Promise.race([stack?.abandon(), new Promise((resolve) => setTimeout(resolve, 3000))]).finally(() => process.exit(code)) }
function stop (why) {
  console.error(why)
  if (!stack) process.exit(2)
  leave(2)
  throw new Stopped()
}
for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143], ['SIGHUP', 129]]) process.on(signal, () => leave(code))
if (options.help) {
  console.log(HELP)
  process.exit()
}
if (!options.member.length || positionals.length !== 1) stop('usage: --member member.json URL; --help says more')
const login = options.login && await import(pathToFileURL(options.login).href)
for (const name of login ? ['asksForPassword', 'signIn'] : []) if (typeof login[name] !== 'function') stop(`${options.login} exports no function ${name}: see infra/conformance/login.js`)

// Whatever is not a check's own finding: it could not be asked.
process.on('uncaughtException', (error) => {
  if (!(error instanceof Stopped)) console.error(env.CONFORM_DEBUG ? error.stack : `could not be asked: ${error.message} (CONFORM_DEBUG=yes says where)`)
  leave(2)
})
const redis = await Redis.at(need('CONFORM_REDIS_URL')).catch((error) => stop(`Redis: ${error.message}`))
stack = new Stack(redis, () => Redis.at(need('CONFORM_REDIS_URL')), {
  base: positionals[0].replace(/\/$/, ''), issuer: need('CONFORM_ISSUER'), secrets: need('SSO_COOKIE_SECRETS').split(','), sealKeys: need('SSO_ENCRYPTION_KEYS').split(','), ...(login && { login })
})
if (env.CONFORM_PROVIDER_PORT) {
  stack.provider = await ScriptedProvider.listen(Number(env.CONFORM_PROVIDER_PORT), need('CONFORM_PROVIDER_TARGET'))
  // The member finds it there when it starts.
  const start = env.CONFORM_START && spawn('bash', ['-c', env.CONFORM_START], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (start && await new Promise((resolve) => start.on('exit', resolve)) !== 0) stop('the member did not start')
}
stack.redisUser = env.CONFORM_REDIS_USER
if (env.CONFORM_DIRECT) stack.direct = env.CONFORM_DIRECT.replace(/\/$/, '')
const members = options.member.map((file) => Member.read(file, stack))

/** @return what Redis was asked while the work was done */
async function monitor (work) {
  const watcher = await Redis.at(need('CONFORM_REDIS_URL'))
  try {
    const lines = await watcher.monitor()
    await work()
    await redis.send('PING')
    await new Promise((resolve) => setTimeout(resolve, 100))
    return lines
  } finally { watcher.close() }
}

async function conform (member) {
  const all = [...guestChecks, ...oidcChecks, ...(member.level === 'member' ? [...memberChecks, ...oidcMemberChecks, ...scriptChecks, ...providerChecks, ...eventChecks] : [])]
  const checks = all.filter(([id]) => !options.only || options.only.includes(id))
  const strangers = options.only?.filter((name) => !checks.some(([id]) => id === name)) ?? []
  if (strangers.length) stop(`no check of a ${member.level} is called ${strangers.join(', ')}; there are: ${all.map(([id]) => id).join(' ')}`)
  console.log(`${member.name}, a ${member.level}, at ${stack.base}${member.base}`)
  await somebodyAnswers(member)
  const user = await redisUserOf(member), refusedBefore = await refused(user), before = await keysWithoutLimit(), logged = env.CONFORM_LOG ? readFileSync(env.CONFORM_LOG, 'utf8').length : 0
  let failed = 0, skips = 0
  const causes = new Map() // the first line of a failure, and the check that had it first
  for (const [id, promise, check] of checks) {
    let note = '', skipped = false
    const began = Date.now()
    try {
      await check({ stack, member, monitor, person: options.person, say: (text) => { note = ` (${text})` }, skip: (why) => { skipped = true; note = ` (${why})` } })
      if (skipped) skips++
      console.log(`${skipped ? 'skip' : 'ok  '} ${id}: ${promise}${note}`)
    } catch (error) {
      await somebodyAnswers(member, `${id}: ${error.message}; now `)
      failed++
      const [cause] = error.message.split('\n')
      console.log(`FAIL ${id}: ${promise}\n       ${[...required(id), causes.has(cause) ? `as ${causes.get(cause)}` : error.message].join('\n').split('\n').join('\n       ')}`)
      if (!causes.has(cause)) causes.set(cause, id)
    } finally { await stack.cleanUp() }
    if (env.CONFORM_TIMES) console.log(`       ${Date.now() - began} ms`)
  }
  let told = 0
  const afterAll = (id, promise, wrong) => {
    told++
    if (wrong) failed++
    console.log(wrong ? `FAIL ${id}: ${promise}\n       ${[...required(id), wrong].join('\n       ')}` : `ok   ${id}: ${promise}`)
  }
  const forever = (await keysWithoutLimit()).filter((key) => !before.includes(key)).map((key) => key.replace(/:.*/, ':\u2026'))
  afterAll('time-to-live', 'no key without one', forever.join(', '))
  if (env.CONFORM_LOG) {
    const log = readFileSync(env.CONFORM_LOG, 'utf8').slice(logged)
    const secrets = [...stack.secretsSeen, ...stack.secrets, ...need('SSO_ENCRYPTION_KEYS').split(',')].filter((secret) => secret.length >= 32 && log.includes(secret))
    afterAll('log', 'no id, token or secret in the log', secrets.length && `${secrets.length} are in ${env.CONFORM_LOG} (section 3: the fingerprint alone)`)
  }
  if (user) {
    const asked = [...await refused(user)].filter(([command, count]) => /^(keys|scan|randomkey|dbsize|flush.*|config.*|monitor|acl.*)$/.test(command) && count > (refusedBefore.get(command) ?? 0)).map(([command]) => command.toUpperCase())
    afterAll('rights', 'it asks for no list of keys', asked.length && `it asked for ${asked.join(', ')}, which Redis refused (section 9)`)
  }
  if (causes.size < failed && causes.size) console.log(`${failed} failures, ${causes.size} causes; begin with ${[...causes.values()][0]}`)
  console.log(failed ? `${member.name}: ${failed} of ${checks.length + told} failed${skips ? `, ${skips} skipped` : ''}` : `${member.name}: ${skips ? '' : 'all '}${checks.length + told - skips} hold${skips ? `, ${skips} skipped` : ''}`)
  return failed
}

const requirements = readFileSync(new URL('../../docs/session-requirements.md', import.meta.url), 'utf8').matchAll(/^\| (\d+)-(\d+) \| (.*) \| (.*) \|$/gm)
const rows = [...requirements].map(([, section, number, text, checks]) => ({ section, number, text, checks }))
/** What of the contract a check is about. */
function required (id) {
  return rows.filter(({ checks }) => checks.includes('`' + id + '`')).map(({ section, number, text }) => `section ${section}, requirement ${section}-${number}: ${text}`)
}

/** @return a member's Redis user; undefined when it is not known */
async function redisUserOf (member) {
  if (stack.redisUser || member.level === 'guest') return stack.redisUser
  const session = await stack.session(), who = whoAsked(await watch(stack, () => member.whoIs(session.cookie)), session.id)
  await stack.cleanUp()
  return /^[^:]+$/.test(who ?? ':') ? who : undefined
}

/** @return how often Redis has refused that user which command */
async function refused (user) {
  const counts = new Map()
  for (const pairs of user ? await redis.send('ACL', 'LOG', 128) : []) {
    const entry = Object.fromEntries(Array.from({ length: pairs.length / 2 }, (_, i) => [pairs[2 * i], pairs[2 * i + 1]]))
    if (entry.username === user && entry.reason === 'command') counts.set(entry.object, (counts.get(entry.object) ?? 0) + Number(entry.count))
  }
  return counts
}

/** What somebody left before us is not this member's. */
async function keysWithoutLimit () {
  const found = []
  for (const pattern of ['sess:*', '{sess:*', 'idx:*', 'ended-sid:*']) {
    for (const key of await stack.keysLike(pattern)) if (await redis.send('PTTL', key) === -1) found.push(key)
  }
  return found
}

/** A proxy's answer for a service that is away is no answer of the service. */
async function somebodyAnswers (member, before = '') {
  for (const asked of new Set([member.direct, member])) {
    const { status } = await asked.whoIs().catch((error) => stop(`${before}nobody answers at ${asked.url(member.me)}: ${error.message}`))
    if (status >= 500) stop(`${before}${asked.url(member.me)} answers ${status} to somebody without a cookie: ${asked === member && stack.direct ? 'the proxy is at fault' : `${member.name} is away`}`)
  }
}

let failed = 0
if (options.sizes) for (const member of members) await sizes(member, stack, options.person)
else if (options.matrix) failed = await matrix(members, stack, options.matrix, options.person)
else for (const member of members) failed += await conform(member)
stack.provider?.close()
redis.close()
process.exit(failed ? 1 : 0)
