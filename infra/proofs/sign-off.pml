/*
 * Sign-off and leases, as shared-session and logout-events do them. Checked by infra/model, explained in docs/sign-off.md.
 *
 * One session, INSTANCES that cache it, SIGN_OFFS that end it. Instances do not act on each other, and an instance more
 * can only make a sign-off wait longer: what can happen to one shows with one. More of them are checked by --deep.
 *
 * What may go wrong mostly needs no step of its own:
 *  - a process that is stopped (SIGSTOP), slow or killed is one that is not scheduled: for a while, or never again. So a
 *    sign-off may die after any step, and another one is the same, asked again, of this instance or of another;
 *  - an event or a confirmation that was sent may be heard late, never, twice, and in any order;
 *  - a renewal may reach Redis long after its instance gave up on it (`late`), or never, and its answer may be lost.
 *
 * Time passes in ticks: between any two steps, or not. An entry lives LEASE ticks in Redis, an instance trusts it for TRUST
 * ticks from sending. That TRUST < LEASE stands for the tenth by which Lease is shorter; it is about rates of clocks.
 *
 * WITHOUT_... leaves out a step that keeps the guarantee, IF_... breaks an assumption. Then spin finds a request that was
 * sent after the answer, and is accepted.
 */
#ifndef INSTANCES
#define INSTANCES 1
#endif
#ifndef SIGN_OFFS
#define SIGN_OFFS 2
#endif
#ifndef LEASE
#define LEASE 3
#endif
#ifdef WITHOUT_MARGIN
#define TRUST (LEASE + 1)
#else
#define TRUST (LEASE - 1)
#endif

/* --- Redis: the record, and the table of leases: what is left of `instance` and of `!instance` ----------------- */

bool ended;
byte entry[INSTANCES];
byte taken[INSTANCES];

/* --- an instance ------------------------------------------------------------------------------------------------ */

/* Lease: what is left of trust, whether heartbeats come back (they may stop and return at any time), whether it is over. */
byte renewed[INSTANCES];
bool heard[INSTANCES];
bool closed[INSTANCES];

/* LeaseKeeper: the renewal that is waited for, whether it said "I hold one", and how long ago it was sent. */
#define NONE 0
#define SENT 1
#define GRANTED 2
#define REFUSED 3
#define APPLYING 4
byte asking[INSTANCES];
bool holding[INSTANCES];
byte age[INSTANCES];

/* A renewal that nobody waits for any more, but that may still reach Redis: 1 + whether it said "I hold one". */
byte late[INSTANCES];

/* NearCache: nothing, a load that Redis has not answered, one that has read "live", the session. */
#define EMPTY 0
#define ASKED 1
#define READ 2
#define HELD 3
byte memory[INSTANCES];
bool thisEpoch[INSTANCES]; /* whether that belongs to the current epoch */

/* It shuts down, and has not released its lease yet. */
bool leaving[INSTANCES];

/* --- the transport ------------------------------------------------------------------------------------------------ */

bool event[SIGN_OFFS];
byte forgotten[SIGN_OFFS]; /* who has followed the event and says so, a bit for each instance */

byte wait[SIGN_OFFS]; /* the timer of a sign-off */
bool answered;

#define BIT(i) (1 << (i))
#define LESS(n) (n > 0 -> n - 1 : 0)
#ifdef WITHOUT_HEARTBEATS
#define HEARS(i) true
#else
#define HEARS(i) heard[i]
#endif
#ifdef WITHOUT_CLOSING
#define TRUSTS(i) (renewed[i] > 0 && HEARS(i))
#else
#define TRUSTS(i) (renewed[i] > 0 && HEARS(i) && !closed[i])
#endif

#define SERVES(i) (TRUSTS(i) && thisEpoch[i] && memory[i] >= READ)

inline newTerm(i) {
#ifndef WITHOUT_EPOCHS
  thisEpoch[i] = false;
  memory[i] = EMPTY
#else
  skip
#endif
}

/* Lease.update looks first whether trust had a gap; Lease.lost ends the epoch anyway. */
inline newTermAfterGap(i) {
  if
  :: !TRUSTS(i) -> newTerm(i)
  :: else
  fi
}

inline lost(i) {
  newTerm(i);
  renewed[i] = 0
}

inline notAsking(i) {
  asking[i] = NONE;
  holding[i] = false;
  age[i] = 0
}

/* Lease.renewed: trust for what is left since the question was sent. */
inline granted(i) {
  newTermAfterGap(i);
#ifdef WITHOUT_COUNTING_FROM_SENDING
  age[i] = 0;
#endif
  if
  :: age[i] < TRUST && TRUST - age[i] > renewed[i] -> renewed[i] = TRUST - age[i]
  :: else
  fi
}

/* NearCache.forget */
inline forget(i) {
#ifdef WITHOUT_DROPPING_LOADS
  if
  :: memory[i] == HELD -> memory[i] = EMPTY; thisEpoch[i] = false
  :: else
  fi
#else
  memory[i] = EMPTY;
  thisEpoch[i] = false
#endif
}

#ifdef WITHOUT_BELIEF
#define REFUSES(i, holds) false
#else
#ifdef WITHOUT_REFUSING_LATE_RENEWALS
#define REFUSES(i, holds) (holds && entry[i] == 0)
#else
#define REFUSES(i, holds) ((holds && entry[i] == 0) || (!(holds) && taken[i] > 0))
#endif
#endif

/* lease-revoke.lua for one instance */
inline revoke(i, k) {
#ifdef WITHOUT_REVOKING
  if
  :: entry[i] > wait[k] -> wait[k] = entry[i]
  :: else
  fi
#else
  if
  :: entry[i] > taken[i] -> taken[i] = entry[i]
  :: else
  fi;
  entry[i] = 0;
  if
  :: taken[i] > wait[k] -> wait[k] = taken[i]
  :: else
  fi
#endif
}

proctype Instance(byte i) {
  do
  /* Heartbeats stop, and come back. */
#ifndef WITHOUT_HEARTBEATS
  :: d_step { heard[i] -> heard[i] = false; printf("instance %d hears no heartbeat\n", i) }
  :: d_step { !heard[i] -> newTermAfterGap(i); heard[i] = true; printf("instance %d hears its heartbeat\n", i) }
#endif

  /* LeaseKeeper.renew */
  :: d_step {
       HEARS(i) && !closed[i] && asking[i] == NONE ->
       asking[i] = SENT;
       holding[i] = renewed[i] > 0;
       age[i] = 0;
       printf("instance %d asks for a lease (holding one: %d)\n", i, holding[i])
     }
  /* lease-renew.lua */
  :: d_step {
       asking[i] == SENT ->
       if
       :: REFUSES(i, holding[i]) -> asking[i] = REFUSED
       :: else -> entry[i] = LEASE; asking[i] = GRANTED
       fi;
       holding[i] = false;
       printf("  Redis renews, or not: the lease of instance %d has %d ticks\n", i, entry[i])
     }
  /* Nobody waits any more: what was sent may be lost, or arrive later; an answer is not heard. */
  :: d_step { asking[i] != NONE && asking[i] != APPLYING -> notAsking(i); printf("  lost on the way\n") }
  :: d_step {
       asking[i] == SENT && late[i] == 0 ->
       late[i] = 1 + holding[i];
       notAsking(i);
       printf("instance %d gives up on that\n", i)
     }
  :: d_step {
       late[i] > 0 ->
       if
       :: REFUSES(i, late[i] == 2)
       :: else -> entry[i] = LEASE
       fi;
       late[i] = 0;
       printf("  Redis gets what instance %d has given up on: its lease has %d ticks\n", i, entry[i])
     }
  /* The answer. */
  :: d_step { asking[i] == REFUSED -> lost(i); notAsking(i); printf("instance %d hears that its lease was taken\n", i) }
#ifdef WITHOUT_CLOSING
  /* Whether the instance is stopping is looked at before, and the lease knows nothing of it. */
  :: d_step { asking[i] == GRANTED && closed[i] -> lost(i); notAsking(i) }
  :: d_step { asking[i] == GRANTED && !closed[i] -> asking[i] = APPLYING }
  :: d_step { asking[i] == APPLYING -> granted(i); notAsking(i); printf("instance %d trusts its memory for %d ticks\n", i, renewed[i]) }
#else
  :: d_step { asking[i] == GRANTED -> granted(i); notAsking(i); printf("instance %d trusts its memory for %d ticks\n", i, renewed[i]) }
#endif

  /* A request, NearCache.get: a load that all who come later wait for; also when what is cached is too old. */
  :: d_step {
       TRUSTS(i) && !(thisEpoch[i] && memory[i] == ASKED) ->
       memory[i] = ASKED; thisEpoch[i] = true;
       printf("instance %d reads the session for a request\n", i)
     }
  /* read.lua; what has ended is not cached */
  :: d_step {
       memory[i] == ASKED ->
       if
       :: ended -> memory[i] = EMPTY; thisEpoch[i] = false
       :: else -> memory[i] = READ; printf("  Redis says that it lives\n")
       fi
     }
#ifdef WITHOUT_DROPPING_LOADS
  :: d_step { memory[i] == READ -> memory[i] = HELD }
#endif

  /* Inbox.forget, then the confirmation */
#ifdef WITHOUT_FORGETTING_FIRST
#define FOLLOW(i, k) \
  :: d_step { event[k] -> forgotten[k] = forgotten[k] | BIT(i); printf("instance %d says that it forgot\n", i) } \
  :: d_step { forgotten[k] & BIT(i) -> forget(i) }
#else
#define FOLLOW(i, k) \
  :: d_step { event[k] -> forget(i); forgotten[k] = forgotten[k] | BIT(i); printf("instance %d forgets, and says so\n", i) }
#endif
  FOLLOW(i, 0)
#if SIGN_OFFS > 1
  FOLLOW(i, 1)
#endif
#if SIGN_OFFS > 2
  FOLLOW(i, 2)
#endif

  /* LeaseKeeper.stop: trust first, then the entry. It still serves who comes. */
#ifdef WITHOUT_DISTRUST_BEFORE_RELEASE
  :: d_step { !closed[i] && !leaving[i] -> leaving[i] = true; entry[i] = 0; printf("instance %d releases its lease\n", i) }
  :: d_step { leaving[i] -> leaving[i] = false; closed[i] = true; lost(i) }
#else
  :: d_step { !closed[i] -> closed[i] = true; leaving[i] = true; lost(i); printf("instance %d shuts down\n", i) }
  :: d_step { leaving[i] -> leaving[i] = false; entry[i] = 0; printf("instance %d releases its lease\n", i) }
#endif
  od
}

/* lease-holders.lua */
#ifdef WITHOUT_COUNTING_REVOKED
#define COUNTS_TAKEN(i) false
#else
#define COUNTS_TAKEN(i) (taken[i] > 0)
#endif

inline holders() {
  d_step {
    i = 0;
    do
    :: i < INSTANCES ->
       if
       :: i != me && (entry[i] > 0 || COUNTS_TAKEN(i)) -> others = others | BIT(i)
       :: else
       fi;
       i++
    :: else -> break
    od;
    i = 0
  }
}

/* SignOff and FleetInvalidation, asked of instance `me`. */
proctype SignOff(byte k; byte me) {
  byte others;
  byte i;
#ifdef WITHOUT_FORGETTING_AFTER_THE_END
  d_step { if :: me < INSTANCES -> forget(me) :: else fi }
#endif
#ifdef WITHOUT_HOLDERS_AFTER_THE_END
  holders();
#endif
  atomic { ended = true; printf("sign-off %d: the session has ended in Redis\n", k) };
#ifndef WITHOUT_FORGETTING_AFTER_THE_END
  d_step { if :: me < INSTANCES -> forget(me) :: else fi };
#endif
#ifndef WITHOUT_HOLDERS_AFTER_THE_END
  holders();
#endif
  atomic { event[k] = true; printf("sign-off %d announces it; leases are held by (bits) %d\n", k, others) };
  /* Patience may end at any moment, and any of the confirmations may not have come by then. */
  i = 0;
  do
  :: d_step { i < INSTANCES && (forgotten[k] & BIT(i)) -> others = others & ~BIT(i); i++ }
  :: i < INSTANCES -> i++
  :: i == INSTANCES -> break
  od;
  i = 0;
#ifndef WITHOUT_WAITING
  if
  :: others != 0 ->
     d_step {
       i = 0;
       do
       :: i < INSTANCES ->
          if
          :: others & BIT(i) -> revoke(i, k)
          :: else
          fi;
          i++
       :: else -> break
       od;
       i = 0;
       others = 0;
       printf("sign-off %d takes the leases of those who were silent, and waits %d ticks\n", k, wait[k])
     };
     wait[k] == 0
  :: else
  fi;
#endif
  atomic { answered = true; printf("sign-off %d HAS ANSWERED\n", k) }
}

/* One tick, for everybody. */
active proctype Clock() {
  byte i;
  do
  :: d_step {
       printf("        a tick\n");
       i = 0;
       do
       :: i < INSTANCES ->
          entry[i] = LESS(entry[i]);
          taken[i] = LESS(taken[i]);
          renewed[i] = LESS(renewed[i]);
          if
          :: asking[i] != NONE && age[i] < TRUST -> age[i]++
          :: else
          fi;
          i++
       :: else -> break
       od;
       i = 0;
       do
       :: i < SIGN_OFFS -> wait[i] = LESS(wait[i]); i++
       :: else -> break
       od;
       i = 0
     }
#ifdef IF_AN_INSTANCE_LOSES_TIME
  /* A tick that instances do not count: its machine was suspended, or its clock runs slower than the margin allows. */
  :: d_step {
       printf("        a tick that instances do not count\n");
       i = 0;
       do
       :: i < INSTANCES ->
          entry[i] = LESS(entry[i]);
          taken[i] = LESS(taken[i]);
          i++
       :: else -> break
       od;
       i = 0;
       do
       :: i < SIGN_OFFS -> wait[i] = LESS(wait[i]); i++
       :: else -> break
       od;
       i = 0
     }
#endif
#ifdef IF_REDIS_FORGETS_LEASES
  /* A fail-over or a restart lost the table, or Redis' clock jumped ahead. */
  :: d_step { entry[0] = 0; taken[0] = 0; printf("  Redis forgets the lease of instance 0\n") }
#endif
  od
}

/* The guarantee: no request that is sent after a sign-off has answered is accepted. */
active proctype Later() {
  do
  :: d_step { answered && SERVES(0) -> printf("instance 0 ACCEPTS a request that was sent after the answer\n"); assert(false) }
#if INSTANCES > 1
  :: d_step { answered && SERVES(1) -> printf("instance 1 ACCEPTS a request that was sent after the answer\n"); assert(false) }
#endif
#if INSTANCES > 2
  :: d_step { answered && SERVES(2) -> printf("instance 2 ACCEPTS a request that was sent after the answer\n"); assert(false) }
#endif
  od
}

/* Each sign-off at an instance that is looked at, or at one that is not. Which one makes no difference. */
init {
  byte n = 0;
  atomic {
    do
    :: n < INSTANCES -> run Instance(n); n++
    :: else -> break
    od;
    n = 0;
    do
    :: n < SIGN_OFFS -> run SignOff(n, 0); n++
    :: n < SIGN_OFFS -> run SignOff(n, INSTANCES); n++
    :: n == SIGN_OFFS -> break
    od
  }
}
