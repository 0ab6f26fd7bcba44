// infra/conform: see there.
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
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

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { member: { type: 'string', multiple: true, default: [] }, only: { type: 'string', multiple: true }, matrix: { type: 'string' }, sizes: { type: 'boolean' }, person: { type: 'string', default: 'alice' } }
})
const env = process.env
const need = (name) => env[name] ?? stop(`${name} is not set; infra/conform takes it from the running stack`)
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
if (!options.member.length || positionals.length !== 1) stop('usage: infra/conform --member member.json URL')

// Whatever is not a check's own finding: it could not be asked.
process.on('uncaughtException', (error) => {
  if (!(error instanceof Stopped)) console.error(env.CONFORM_DEBUG ? error.stack : `could not be asked: ${error.message} (CONFORM_DEBUG=yes says where)`)
  leave(2)
})
const redis = await Redis.at(need('CONFORM_REDIS_URL')).catch((error) => stop(`Redis: ${error.message}`))
stack = new Stack(redis, () => Redis.at(need('CONFORM_REDIS_URL')), {
  base: positionals[0].replace(/\/$/, ''), issuer: need('CONFORM_ISSUER'), secrets: need('SSO_COOKIE_SECRETS').split(','), sealKeys: need('SSO_ENCRYPTION_KEYS').split(',')
})
if (env.CONFORM_PROVIDER_PORT) {
  stack.provider = await ScriptedProvider.listen(Number(env.CONFORM_PROVIDER_PORT), need('CONFORM_PROVIDER_TARGET'))
  // The member finds it there when it starts.
  const start = env.CONFORM_START && spawn('bash', ['-c', env.CONFORM_START], { stdio: ['ignore', 'ignore', 'inherit'] })
  if (start && await new Promise((resolve) => start.on('exit', resolve)) !== 0) stop('the member did not start')
}
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
  const before = await keysWithoutLimit(), logged = env.CONFORM_LOG ? readFileSync(env.CONFORM_LOG, 'utf8').length : 0
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
      console.log(`FAIL ${id}: ${promise}\n       ${causes.has(cause) ? `as ${causes.get(cause)}` : error.message.split('\n').join('\n       ')}`)
      if (!causes.has(cause)) causes.set(cause, id)
    } finally { await stack.cleanUp() }
    if (env.CONFORM_TIMES) console.log(`       ${Date.now() - began} ms`)
  }
  const forever = (await keysWithoutLimit()).filter((key) => !before.includes(key)).map((key) => key.replace(/:.*/, ':\u2026'))
  if (forever.length) {
    failed++
    console.log(`FAIL time-to-live: no key without one\n       ${forever.join(', ')}`)
  } else console.log('ok   time-to-live: no key without one')
  if (causes.size < failed && causes.size) console.log(`${failed} failures, ${causes.size} causes; begin with ${[...causes.values()][0]}`)
  let told = 1
  if (env.CONFORM_LOG) {
    told++
    const log = readFileSync(env.CONFORM_LOG, 'utf8').slice(logged), secrets = [...stack.secretsSeen].filter((secret) => secret.length > 40 && log.includes(secret))
    if (secrets.length) failed++
    console.log(`${secrets.length ? 'FAIL' : 'ok  '} log: no id and no token in the log${secrets.length ? `\n       ${secrets.length} are in ${env.CONFORM_LOG} (section 3: the fingerprint alone)` : ''}`)
  }
  console.log(failed ? `${member.name}: ${failed} of ${checks.length + told} failed${skips ? `, ${skips} skipped` : ''}` : `${member.name}: ${skips ? '' : 'all '}${checks.length + told - skips} hold${skips ? `, ${skips} skipped` : ''}`)
  return failed
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
