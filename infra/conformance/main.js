// infra/conform: see there.
import { parseArgs } from 'node:util'
import { eventChecks } from './checks-events.js'
import { guestChecks } from './checks-guest.js'
import { memberChecks } from './checks-member.js'
import { Stack } from './contract.js'
import { Member } from './member.js'
import { matrix } from './matrix.js'
import { Redis } from './redis.js'
import { sizes } from './sizes.js'

const { values: options, positionals } = parseArgs({
  allowPositionals: true,
  options: { member: { type: 'string', multiple: true, default: [] }, only: { type: 'string', multiple: true }, matrix: { type: 'string' }, sizes: { type: 'boolean' }, person: { type: 'string', default: 'alice' } }
})
const env = process.env
const need = (name) => env[name] ?? stop(`${name} is not set; infra/conform takes it from the running stack`)
function stop (why) {
  console.error(why)
  process.exit(2)
}
if (!options.member.length || positionals.length !== 1) stop('usage: infra/conform --member member.json URL')

// Whatever is not a check's own finding: it could not be asked.
process.on('uncaughtException', (error) => stop(error.stack))
const redis = await Redis.at(need('CONFORM_REDIS_URL')).catch((error) => stop(`Redis: ${error.message}`))
const stack = new Stack(redis, () => Redis.at(need('CONFORM_REDIS_URL')), {
  base: positionals[0].replace(/\/$/, ''), issuer: need('CONFORM_ISSUER'), secrets: need('SSO_COOKIE_SECRETS').split(','), sealKeys: need('SSO_ENCRYPTION_KEYS').split(',')
})
/** Nobody trusts a memory from here on, as after a sign-off. */
stack.allForgotten = async () => {
  const holders = await stack.run('lease-holders', ['leases'])
  if (holders.length) await new Promise((resolve) => setTimeout(resolve, 0)).then(async () => {
    const left = await stack.run('lease-revoke', ['leases'], ...holders)
    await new Promise((resolve) => setTimeout(resolve, left))
  })
}
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
  const checks = [...guestChecks, ...(member.level === 'member' ? [...memberChecks, ...eventChecks] : [])].filter(([id]) => !options.only || options.only.includes(id))
  if (!checks.length) stop('no check has that name')
  console.log(`${member.name}, a ${member.level}, at ${stack.base}${member.base}`)
  await somebodyAnswers(member)
  const before = await keysWithoutLimit()
  let failed = 0, skips = 0
  for (const [id, promise, check] of checks) {
    let note = '', skipped = false
    const began = Date.now()
    try {
      await check({ stack, member, monitor, person: options.person, say: (text) => { note = ` (${text})` }, skip: (why) => { skipped = true; note = ` (${why})` } })
      if (skipped) skips++
      console.log(`${skipped ? 'skip' : 'ok  '} ${id}: ${promise}${note}`)
    } catch (error) {
      if (error.code === 'ECONNREFUSED') stop(`${id} could not be asked: ${error.message}`)
      failed++
      console.log(`FAIL ${id}: ${promise}\n       ${error.message.split('\n').join('\n       ')}`)
    }
    if (env.CONFORM_TIMES) console.log(`       ${Date.now() - began} ms`)
  }
  const forever = (await keysWithoutLimit()).filter((key) => !before.includes(key)).map((key) => key.replace(/:.*/, ':\u2026'))
  if (forever.length) {
    failed++
    console.log(`FAIL time-to-live: no key without one\n       ${forever.join(', ')}`)
  } else console.log('ok   time-to-live: no key without one')
  console.log(failed ? `${member.name}: ${failed} of ${checks.length + 1} failed` : `${member.name}: ${skips ? '' : 'all '}${checks.length + 1 - skips} hold${skips ? `, ${skips} skipped` : ''}`)
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

/** A proxy's word for a service that is away is no answer of the service. */
async function somebodyAnswers (member) {
  const { status } = await member.whoIs().catch((error) => stop(`nobody answers at ${member.url(member.me)}: ${error.message}`))
  if (status >= 500) stop(`${member.url(member.me)} answers ${status} to somebody without a cookie: ${member.name} is away`)
}

let failed = 0
if (options.sizes) for (const member of members) await sizes(member, stack, options.person)
else if (options.matrix) failed = await matrix(members, stack, options.matrix, options.person)
else for (const member of members) failed += await conform(member)
redis.close()
process.exit(failed ? 1 : 0)
