<?php
declare(strict_types=1);

/** The OpenID provider: code flow with PKCE, refresh, logout. */
final class Provider
{
    private const LIMIT = 10;
    private const PROFILE = ['name', 'email', 'given_name', 'family_name', 'preferred_username'];
    private ?array $metadata = null;

    public function __construct(private string $url, private string $clientId, private string $secret, private string $callback) {}

    public function issuer(): string
    {
        return $this->metadata()['issuer'];
    }

    /** Where the browser signs in. @param array $pending state, nonce, verifier */
    public function start(array $pending): string
    {
        return $this->metadata()['authorization_endpoint'] . '?' . http_build_query([
            'response_type' => 'code', 'client_id' => $this->clientId, 'redirect_uri' => $this->callback, 'scope' => 'openid profile email',
            'state' => $pending['state'], 'nonce' => $pending['nonce'],
            'code_challenge' => base64url(hash('sha256', $pending['verifier'], true)), 'code_challenge_method' => 'S256',
        ]);
    }

    /** The user of a callback; null when it is not the answer to this browser's question. */
    public function finish(string $query, array $pending): ?array
    {
        $once = [];
        foreach (explode('&', $query) as $pair) {
            [$name, $value] = explode('=', $pair, 2) + [1 => ''];
            if (isset($once[$name])) return null;
            $once[$name] = urldecode($value);
        }
        if (!isset($once['code'], $once['state']) || !hash_equals($pending['state'], $once['state'])) return null;
        if (isset($once['iss']) && $once['iss'] !== $this->metadata()['issuer']) return null; // RFC 9207
        try {
            $tokens = $this->grant(['grant_type' => 'authorization_code', 'code' => $once['code'], 'redirect_uri' => $this->callback, 'code_verifier' => $pending['verifier']]);
        } catch (Useless) {
            return null;
        }
        // The ID token came straight from the token endpoint, which vouches for it (OIDC Core 1.0, section 3.1.3.7, item 6).
        $id = $tokens['id'] ?? null;
        $good = $id && $id['iss'] === $this->metadata()['issuer'] && in_array($this->clientId, (array) $id['aud'], true)
            && ($id['azp'] ?? $this->clientId) === $this->clientId && ($id['nonce'] ?? '') === $pending['nonce'] && $id['exp'] + 60 > time();
        return !$good ? null : [
            'issuer' => $id['iss'], 'subject' => $id['sub'], 'sid' => $id['sid'] ?? null, 'name' => $id['preferred_username'] ?? $id['sub'],
            'profile' => array_intersect_key($id, array_flip(self::PROFILE)), 'issuedAt' => $id['iat'] * 1000, 'tokens' => $tokens,
        ];
    }

    /** New tokens; null when this refresh token will never work. Unavailable: nothing is known about it. */
    public function refresh(array $session): ?array
    {
        $tokens = $this->grant(['grant_type' => 'refresh_token', 'refresh_token' => $session['refresh']]);
        $id = $tokens['id'] ?? null;
        return $id && ($id['iss'] !== $session['issuer'] || $id['sub'] !== $session['subject']) ? null : $tokens;
    }

    public function endSession(?string $refreshToken): void
    {
        if ($refreshToken === null) return;
        // Browser endpoints are named by the public address; we ask the same path at ours.
        $address = str_replace($this->metadata()['issuer'] . '/', "$this->url/", $this->metadata()['end_session_endpoint']);
        [$status] = $this->post($address, ['refresh_token' => $refreshToken]);
        if ($status >= 300) throw new Unavailable("logout answered $status");
    }

    private function grant(array $form): ?array
    {
        [$status, $said] = $this->post($this->metadata()['token_endpoint'], $form);
        if (($said['error'] ?? '') === 'invalid_grant') return null;
        if (isset($said['error']) && $status >= 400 && $status < 500 && !in_array($status, [408, 429], true)) throw new Useless($said['error']);
        if ($status !== 200 || !isset($said['access_token'])) throw new Unavailable("the token endpoint answered $status");
        $roles = self::claims($said['access_token'])['realm_access']['roles'] ?? [];
        sort($roles);
        return [
            'access' => $said['access_token'], 'refresh' => $said['refresh_token'] ?? null, 'expires' => now() + 1000 * ($said['expires_in'] ?? 60),
            'roles' => $roles, 'id' => isset($said['id_token']) ? self::claims($said['id_token']) : null,
        ];
    }

    /** In ms; null of a token that does not say. */
    public static function issuedAt(string $jwt): ?int
    {
        try {
            return str_contains($jwt, '.') && isset(self::claims($jwt)['iat']) ? 1000 * self::claims($jwt)['iat'] : null;
        } catch (JsonException) {
            return null;
        }
    }

    private static function claims(string $jwt): array
    {
        return json_decode(base64_decode(strtr(explode('.', $jwt)[1], '-_', '+/')), true, 32, JSON_THROW_ON_ERROR);
    }

    private function metadata(): array
    {
        return $this->metadata ??= $this->ask("$this->url/.well-known/openid-configuration", ['method' => 'GET'])[1];
    }

    private function post(string $address, array $form): array
    {
        $all = $form + ['client_id' => $this->clientId, 'client_secret' => $this->secret];
        return $this->ask($address, ['method' => 'POST', 'header' => 'Content-Type: application/x-www-form-urlencoded', 'content' => http_build_query($all)]);
    }

    /** @return array status and JSON */
    private function ask(string $address, array $options): array
    {
        $text = @file_get_contents($address, false, stream_context_create(['http' => $options + ['timeout' => self::LIMIT, 'ignore_errors' => true]]));
        if ($text === false) throw new Unavailable('the provider could not be asked');
        return [(int) explode(' ', $http_response_header[0])[1], json_decode($text, true)];
    }
}
