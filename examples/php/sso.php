<?php
declare(strict_types=1);

/** The session contract 1.0 (docs/session-contract.md), sections 2 to 5: cookie, seal, reading, refreshing, attributes. */
final class Sso
{
    public const IDLE = 30 * 60_000;
    private const TOUCH_EVERY = 30_000, AHEAD = 15_000, WAIT = 5_000, LOOK_AGAIN = 40, SIGN_IN_AGAIN = 60_000;
    /** Longer than the provider may take: a PHP request cannot extend its lock while it waits. */
    private const LOCK = 12_000;
    private const FIELDS = ['v', 'provider', 'issuer', 'subject', 'sid', 'name', 'roles', 'profile', 'created', 'until', 'access', 'refresh', 'accessExpires', 'tokensRev'];
    public readonly string $cookieName;
    private array $secrets;
    private array $keys = [];

    public function __construct(public readonly Redis $redis, private Provider $provider, public readonly bool $secure, string $secrets, string $keys, private string $service)
    {
        $this->cookieName = $secure ? '__Host-sso' : 'sso';
        $this->secrets = explode(',', $secrets);
        foreach (explode(',', $keys) as $key) $this->keys[strtok($key, ':')] = base64_decode(strtok(''));
    }

    // --- section 2: the cookie

    public static function firstCookie(string $header, string $name): string
    {
        foreach (explode(';', $header) as $pair) {
            [$key, $value] = explode('=', $pair, 2) + [1 => null];
            if ($value === null || trim($key, " \t") !== $name) continue;
            $value = trim($value, " \t");
            if (strlen($value) > 1 && $value[0] === '"' && $value[-1] === '"') $value = substr($value, 1, -1);
            $decoded = preg_match('/%(?![0-9A-Fa-f]{2})/', $value) ? $value : rawurldecode($value);
            return mb_check_encoding_utf8($decoded) ? $decoded : $value;
        }
        return '';
    }

    /** The session id that a Cookie header carries; null for none that we signed. */
    public function idIn(string $header): ?string
    {
        $value = self::firstCookie($header, $this->cookieName);
        $dot = strrpos($value, '.');
        if (!$dot || strlen($value) > 256 || !preg_match('/^s:[A-Za-z0-9_-]{16,128}$/D', substr($value, 0, $dot))) return null;
        $id = substr($value, 2, $dot - 2);
        $signed = false;
        foreach ($this->secrets as $secret) $signed = hash_equals($this->mac($id, $secret), substr($value, $dot + 1)) || $signed;
        return $signed ? $id : null;
    }

    private function mac(string $id, string $secret): string
    {
        return rtrim(base64_encode(hash_hmac('sha256', $id, $secret, true)), '=');
    }

    public function setCookie(string $id): string
    {
        return $this->cookieName . '=' . rawurlencode("s:$id." . $this->mac($id, $this->secrets[0])) . $this->attributes();
    }

    public function clearCookie(): string
    {
        return "$this->cookieName=; Max-Age=0" . $this->attributes();
    }

    public function attributes(): string
    {
        return '; Path=/; HttpOnly' . ($this->secure ? '; Secure' : '') . '; SameSite=Lax';
    }

    // --- sections 3 and 4: keys and seal

    public static function keysOf(string $id): array
    {
        return ["sess:$id", "{sess:$id}:sso"];
    }

    public static function hash(string ...$texts): string
    {
        return hash('sha256', implode("\0", $texts));
    }

    public function seal(string $id, string $field, string $text): string
    {
        $name = array_key_first($this->keys);
        $nonce = random_bytes(12);
        $sealed = openssl_encrypt($text, 'aes-256-gcm', $this->keys[$name], OPENSSL_RAW_DATA, $nonce, $tag, "{sess:$id}:sso\0$field\0" . '1');
        return "$name." . base64url($nonce . $sealed . $tag);
    }

    public function open(string $id, string $field, string $sealed): string
    {
        [$name, $text] = explode('.', $sealed, 2) + [1 => ''];
        $all = base64_decode(strtr($text, '-_', '+/'), true);
        if (!isset($this->keys[$name]) || $all === false || strlen($all) < 28) throw new Damaged($field);
        $text = openssl_decrypt(substr($all, 12, -16), 'aes-256-gcm', $this->keys[$name], OPENSSL_RAW_DATA, substr($all, 0, 12), substr($all, -16), "{sess:$id}:sso\0$field\0" . '1');
        return $text === false ? throw new Damaged($field) : $text;
    }

    // --- section 5: reading

    /** The session with that id, its tokens refreshed if due; null for none. @param bool $background whether it is no activity of its user */
    public function find(?string $id, bool $background): ?array
    {
        $session = $id === null ? null : $this->read($id, $background ? -1 : self::TOUCH_EVERY);
        return $session && $this->isDue($session) ? $this->refreshed($session, now() + self::WAIT) : $session;
    }

    /** @param int $touch -1: does not count as activity */
    public function read(string $id, int $touch = -1): ?array
    {
        try {
            $answer = $this->redis->run('read', self::keysOf($id), self::IDLE, $touch, ...self::FIELDS, ...["attr:$this->service"]);
            return $answer[0] === 'live' ? $this->parse($id, $answer[1], $answer[2]) : null;
        } catch (Damaged $damaged) {
            error_log('Session ' . substr(self::hash($id), 0, 12) . ' is damaged and counts as absent: ' . $damaged->getMessage());
            return null;
        }
    }

    private function parse(string $id, string $express, array $values): array
    {
        $session = array_combine(self::FIELDS, array_slice($values, 0, -1));
        foreach (self::FIELDS as $name) {
            if ($session[$name] === null && !in_array($name, ['sid', 'refresh'], true)) throw new Damaged($name);
        }
        $user = json_decode($express, true)['passport']['user'] ?? [];
        if ($session['v'] !== '1') throw new Damaged('v');
        if (($user['issuer'] ?? null) !== $session['issuer'] || ($user['subject'] ?? null) !== $session['subject']) throw new Damaged('not of this user');
        foreach (['created', 'until', 'accessExpires', 'tokensRev'] as $name) if (!preg_match('/^\d{1,15}$/D', $session[$name])) throw new Damaged($name);
        foreach (['roles' => '[', 'profile' => '{'] as $name => $begins) {
            $list = json_decode($session[$name], true);
            if (!is_array($list) || ltrim($session[$name])[0] !== $begins || $list !== array_filter($list, 'is_string')) throw new Damaged($name);
            $session[$name] = $list;
        }
        sort($session['roles']);
        $session['id'] = $id;
        $session['accessExpires'] = (int) $session['accessExpires'];
        if ($session['access'] !== '') $session['access'] = $this->open($id, 'access', $session['access']); // '': a guest began it
        if ($session['refresh'] !== null) $session['refresh'] = $this->open($id, 'refresh', $session['refresh']);
        $session['attributes'] = self::attributesIn($values[count(self::FIELDS)]);
        return $session;
    }

    // --- section 5: refresh, once

    private function isDue(array $session): bool
    {
        return $session['refresh'] !== null && now() > $session['accessExpires'] - self::AHEAD;
    }

    private function refreshed(array $session, int $deadline): ?array
    {
        $lock = "{sess:$session[id]}:refresh";
        $holder = random_text();
        while (!$this->redis->send('SET', $lock, $holder, 'NX', 'PX', self::LOCK)) {
            if (now() <= $session['accessExpires']) return $session;
            if (now() > $deadline) throw new Unavailable('Somebody else is still refreshing the tokens');
            usleep(self::LOOK_AGAIN * 1000);
            $now = $this->read($session['id']);
            if (!$now || now() <= $now['accessExpires']) return $now;
            $session = $now;
        }
        try {
            $now = $this->read($session['id']); // the winner before us may have written
            if (!$now || !$this->isDue($now)) return $now;
            return $this->redis->send('GET', self::signInKey($now['id'])) === $now['tokensRev'] ? self::goingOn($now) : $this->grant($now);
        } finally {
            $this->redis->run('lock-release', [$lock], $holder);
        }
    }

    private function grant(array $session): ?array
    {
        ['id' => $id, 'tokensRev' => $rev] = $session;
        try {
            $tokens = $this->provider->refresh($session);
        } catch (Useless) {
            $this->redis->send('SET', self::signInKey($id), $rev, 'PX', self::SIGN_IN_AGAIN);
            return self::goingOn($session);
        } catch (Unavailable $unclear) {
            return now() > $session['accessExpires'] ? throw $unclear : $session;
        }
        if ($tokens === null) {
            $this->refused($session);
        } elseif ($this->redis->run('write-tokens', [self::keysOf($id)[1]], $rev, ...$this->tokenFields($id, $tokens)) === -1) {
            $this->provider->endSession($tokens['refresh']); // a sign-off came between
        }
        return $this->read($id);
    }

    private static function signInKey(string $id): string
    {
        return "{sess:$id}:sign-in";
    }

    /** Tokens that nobody can refresh: good for as long as they last, then the request is one without a session. */
    private static function goingOn(array $session): ?array
    {
        return now() > $session['accessExpires'] ? null : $session;
    }

    /** Bearer tokens end with the session: all that the provider issued for it up to the last one, and none that it issues later. */
    private function refused(array $session): void
    {
        $was = $this->end($session['id'], 'refresh-refused', 'provider', $session['tokensRev']);
        $last = Provider::issuedAt($session['access']);
        if ($was['outcome'] === 'refreshed' || $session['sid'] === null || $last === null) return;
        $this->redis->run('mark-ended', ['ended-sid:' . self::hash($session['issuer'], $session['sid'])], LONGEST_ACCESS_TOKEN, $last - SKEW);
    }

    public function tokenFields(string $id, array $tokens): array
    {
        $fields = ['roles', json_encode($tokens['roles']), 'access', $this->seal($id, 'access', $tokens['access']), 'accessExpires', $tokens['expires']];
        return $tokens['refresh'] === null ? $fields : [...$fields, 'refresh', $this->seal($id, 'refresh', $tokens['refresh'])];
    }

    /** Ends one session, and makes every memory forget it. Gives what it was, with 'outcome'. */
    public function end(string $id, string $reason, string $actor, string $rev = '', string $keepRefresh = ''): array
    {
        try {
            $answer = $this->redis->run('end', self::keysOf($id), $reason, $actor, $rev, $keepRefresh);
        } catch (Damaged) {
            // What is no record cannot be marked as ended. It opens nothing, and it must not stay.
            $this->redis->send('DEL', ...self::keysOf($id));
            $answer = ['already'];
        }
        $was = ['outcome' => $answer[0]];
        foreach (array_chunk($answer[1] ?? [], 2) as [$name, $value]) $was[$name] = $value;
        // No transport here: take every lease, and wait until the last of them has run out, a second at most.
        $holders = $this->redis->run('lease-holders', ['leases']);
        if ($holders) usleep(1000 * $this->redis->run('lease-revoke', ['leases'], ...$holders));
        return $was;
    }

    // --- attributes

    /** None when they cannot be read: nobody else writes them, and the next write begins anew. */
    private static function attributesIn(?string $json): array
    {
        $all = json_decode($json ?? '', true);
        return is_array($all) && ltrim($json)[0] === '{' && $all === array_filter($all, 'is_string') ? $all : [];
    }

    /** False when the session has ended. */
    public function put(string $id, string $name, string $text): bool
    {
        do {
            $before = $this->redis->send('HGET', self::keysOf($id)[1], "attr:$this->service") ?? '';
            $after = json_encode((object) [...self::attributesIn($before), $name => $text], JSON_UNESCAPED_UNICODE | JSON_UNESCAPED_SLASHES | JSON_THROW_ON_ERROR);
            if (strlen($after) > 8192) throw new LengthException('The attributes of one service take 8 KiB at most');
            $done = $this->redis->run('write-attributes', self::keysOf($id), "attr:$this->service", $before, $after);
        } while ($done === 0);
        return $done === 1;
    }
}

function now(): int { return (int) (microtime(true) * 1000); }
function base64url(string $bytes): string { return rtrim(strtr(base64_encode($bytes), '+/', '-_'), '='); }
function random_text(): string { return base64url(random_bytes(32)); }
function mb_check_encoding_utf8(string $text): bool { return preg_match('//u', $text) === 1; }
