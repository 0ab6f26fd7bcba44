<?php
declare(strict_types=1);

/** The session contract 1.0 (docs/session-contract.md), sections 6 and 7: how a session begins and how it is signed off. */
const ABSOLUTE = 8 * 3600_000, LONGEST_ACCESS_TOKEN = 15 * 60_000, SKEW = 30_000, SECOND_LOOK = 2;

/** @return ?string the id of a new session; null when a sign-off came between */
function begin_session(Sso $sso, array $user, string $device, ?string $old): ?string
{
    ['issuer' => $issuer, 'subject' => $subject, 'sid' => $sid, 'name' => $name, 'tokens' => $tokens] = $user;
    [$id, $now] = [random_text(), now()];
    $until = $now + ABSOLUTE;
    $cookie = ['originalMaxAge' => null, 'expires' => null] + ($sso->secure ? ['secure' => true] : []) + ['httpOnly' => true, 'path' => '/', 'sameSite' => 'lax'];
    $express = json_encode([
        'cookie' => $cookie,
        'passport' => ['user' => ['issuer' => $issuer, 'subject' => $subject, 'name' => $name, 'roles' => $tokens['roles']]],
        'sso' => ['until' => $until],
    ], JSON_UNESCAPED_SLASHES);
    $fields = ['v', 1, 'state', 'live', 'provider', 'keycloak', 'issuer', $issuer, 'subject', $subject, 'name', $name,
        'profile', json_encode((object) $user['profile']), 'created', $now, 'until', $until, 'seen', $now, 'device', substr($device, 0, 200), 'tokensRev', 1,
        ...($sid === null ? [] : ['sid', $sid]), ...$sso->tokenFields($id, $tokens)];

    $sso->redis->run('index', ['idx:user:' . Sso::hash($issuer, $subject)], $id, $until);
    $sso->redis->run('index', ['idx:users'], user_entry($name, $issuer, $subject), $until);
    if ($sid !== null) $sso->redis->run('index', ['idx:sid:' . Sso::hash($issuer, $sid)], $id, $until);
    if ($sso->redis->run('create', Sso::keysOf($id), Sso::IDLE, $until, $express, ...$fields) !== 1) throw new LogicException('256 random bits came twice');
    $ended = $sid === null ? null : $sso->redis->send('GET', 'ended-sid:' . Sso::hash($issuer, $sid));
    $userEnded = $sso->redis->send('GET', 'ended-sid:user:' . Sso::hash($issuer, $subject));
    if ($ended !== null && $user['issuedAt'] <= (int) $ended + SKEW || $userEnded !== null && $user['issuedAt'] <= (int) $userEnded) {
        $sso->end($id, 'replaced', 'user');
        return null;
    }
    if ($old !== null) $sso->end($old, 'replaced', 'user');
    return $id;
}

/** When it returns, no member accepts the session any more. May be asked again. */
function sign_off(Sso $sso, Provider $provider, string $id): void
{
    $was = $sso->end($id, 'signed-off', 'user', '', '1');
    if ($was['outcome'] !== 'ended' && !in_array($was['endReason'] ?? '', ['signed-off', 'gone'], true)) return;
    if (isset($was['sid'])) {
        $hash = Sso::hash($was['issuer'], $was['sid']);
        $sso->redis->run('mark-ended', ["ended-sid:$hash"], LONGEST_ACCESS_TOKEN);
        $ids = $sso->redis->send('ZRANGE', "idx:sid:$hash", 0, -1);
        foreach (array_diff($ids, [$id]) as $other) $sso->end($other, 'signed-off', 'user');
        if ($ids) $sso->redis->send('ZREM', "idx:sid:$hash", ...$ids);
    }
    if (!isset($was['refresh'])) return;
    try {
        $provider->endSession($sso->open($id, 'refresh', $was['refresh']));
        $sso->redis->run('provider-ended', [Sso::keysOf($id)[1]]);
    } catch (Damaged | Unavailable $e) {
        error_log("The provider's session goes on: " . $e->getMessage());
    }
}

/** A session that a guest began becomes one of ours, with the roles that a guest may grant. @return bool whether there is a record now */
function adopt_session(Sso $sso, string $id, string $issuer): bool
{
    try {
        $json = $sso->redis->send('GET', Sso::keysOf($id)[0]) ?? '';
    } catch (Damaged) {
        return false;
    }
    $guest = json_decode($json, true);
    [$user, $until, $now] = [$guest['passport']['user'] ?? null, $guest['sso']['until'] ?? null, now()];
    if (!is_int($until) || $until <= $now || ($user['issuer'] ?? null) !== $issuer || !is_string($user['subject'] ?? null) || $user['subject'] === '') return false;
    $name = is_string($user['name'] ?? null) && $user['name'] !== '' ? $user['name'] : $user['subject'];
    $until = min($until, $now + ABSOLUTE);
    $roles = array_values(array_intersect(['user'], (array) ($user['roles'] ?? [])));
    $sso->redis->run('index', ['idx:user:' . Sso::hash($issuer, $user['subject'])], $id, $until);
    $sso->redis->run('index', ['idx:users'], user_entry($name, $issuer, $user['subject']), $until);
    $sso->redis->run('adopt', Sso::keysOf($id), $json, Sso::IDLE, $until, 'v', 1, 'state', 'live', 'provider', 'keycloak', 'issuer', $issuer,
        'subject', $user['subject'], 'name', $name, 'roles', json_encode($roles), 'profile', '{}', 'created', $now, 'until', $until, 'seen', $now,
        'access', '', 'accessExpires', $until, 'tokensRev', 1);
    return true; // also when somebody was faster: it is read again
}

/** A member of idx:users. */
function user_entry(string $name, string $issuer, string $subject): string
{
    return strtr($name, "\0", ' ') . "\0$issuer\0$subject";
}
