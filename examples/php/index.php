<?php
declare(strict_types=1);

// A member of the shared session (docs/session-contract.md) in PHP.
foreach (['redis', 'sso', 'sign', 'provider'] as $file) require __DIR__ . "/$file.php";

const PATH = '/php', PENDING = 'sso-php';
$base = getenv('SSO_BASE_URL');
$header = fn (string $name) => $_SERVER['HTTP_' . strtoupper(strtr($name, '-', '_'))] ?? '';
$answer = function (int $status, string $text = '') {
    http_response_code($status);
    header('Content-Length: ' . strlen($text));
    echo $text;
};

try {
    $provider = new Provider(getenv('SSO_PROVIDERS_KEYCLOAK_URL'), getenv('SSO_PROVIDERS_KEYCLOAK_CLIENT_ID'), getenv('SSO_PROVIDERS_KEYCLOAK_CLIENT_SECRET'), $base . PATH . '/auth/keycloak/callback');
    $sso = new Sso(new Redis(getenv('REDIS_URL'), getenv('SSO_SCRIPTS')), $provider, str_starts_with($base, 'https:'), getenv('SSO_COOKIE_SECRETS'), getenv('SSO_ENCRYPTION_KEYS'), 'php');
    header('Cache-Control: no-store');
    route($sso, $provider, $base, $header, $answer);
} catch (Unavailable $e) {
    error_log($e->getMessage());
    header('Retry-After: 2');
    $answer(503, 'Please try again in a moment.');
} catch (LengthException $e) {
    $answer(400, $e->getMessage());
}

function route(Sso $sso, Provider $provider, string $base, callable $header, callable $answer): void
{
    [$method, $path] = [$_SERVER['REQUEST_METHOD'], substr(strtok($_SERVER['REQUEST_URI'], '?'), strlen(PATH))];
    $id = $sso->idIn($header('Cookie'));
    // Only this site's own pages may write with the cookie.
    $site = $header('Sec-Fetch-Site');
    if (!in_array($method, ['GET', 'HEAD', 'OPTIONS'], true) && ($site !== '' && $site !== 'none' ? $site !== 'same-origin' : $header('Origin') !== $base)) {
        $answer(403, 'Only from a page of this site.');
        return;
    }
    switch ("$method $path") {
        case 'GET /auth/keycloak':
            // What the callback is checked against travels in a sealed cookie of this browser.
            $pending = ['state' => random_text(), 'nonce' => random_text(), 'verifier' => random_text()];
            header('Set-Cookie: ' . pending_cookie($sso, $sso->seal('sign-in', 'pending', json_encode($pending)), 600));
            header('Location: ' . $provider->start($pending));
            $answer(302);
            return;
        case 'GET /auth/keycloak/callback':
            header('Set-Cookie: ' . pending_cookie($sso, '', 0));
            $user = finish($sso, $provider, $header('Cookie'));
            $new = $user ? begin_session($sso, $user, $header('User-Agent'), $id) : null;
            if ($new === null) {
                $answer(400, 'The sign-in did not work. Please begin again.');
                return;
            }
            header('Set-Cookie: ' . $sso->setCookie($new), false);
            header('Location: ' . PATH . '/');
            $answer(302);
            look_again($sso, $id);
            return;
        case 'POST /auth/sign-off':
            if ($id !== null) sign_off($sso, $provider, $id);
            header('Set-Cookie: ' . $sso->clearCookie());
            header('Location: /users/');
            $answer(303);
            look_again($sso, $id);
            return;
    }
    $background = in_array($method, ['GET', 'HEAD'], true)
        && ($header('Prefer') === 'background' || $header('Accept') === 'text/event-stream' || strtolower($header('Upgrade')) === 'websocket');
    $session = $sso->find($id, $background);
    if ($session === null && $id !== null && getenv('SSO_GUESTS_ADOPT') === 'true' && adopt_session($sso, $id, $provider->issuer())) $session = $sso->find($id, $background);
    if ($session === null && "$method $path" === 'GET /') {
        header('Location: ' . PATH . '/auth/keycloak');
        $answer(302);
    } elseif ($session === null) {
        $answer(401, '{"title":"Not signed in"}');
    } elseif ("$method $path" === 'GET /') {
        $answer(200, '<!doctype html><html lang="en"><title>PHP member</title><h1>Hello ' . htmlspecialchars($session['name'])
            . '</h1><form method="post" action="/php/auth/sign-off"><button>Sign out</button></form>');
    } elseif ("$method $path" === 'GET /api/me') {
        header('Content-Type: application/json');
        $me = array_intersect_key($session, array_flip(['issuer', 'subject', 'name', 'roles', 'accessExpires']));
        $answer(200, json_encode($me + ['attributes' => (object) $session['attributes']]));
    } elseif ($method === 'PUT' && str_starts_with($path, '/api/attributes/')) {
        $answer($sso->put($id, rawurldecode(substr($path, strlen('/api/attributes/'))), file_get_contents('php://input')) ? 204 : 401);
    } else {
        $answer(404, 'Not found.');
    }
}

/** The browser has its answer; a guest's write in flight to a session that has ended has arrived by then. */
function look_again(Sso $sso, ?string $id): void
{
    if ($id === null) return;
    flush();
    sleep(SECOND_LOOK);
    $sso->read($id);
}

function finish(Sso $sso, Provider $provider, string $cookies): ?array
{
    try {
        $pending = json_decode($sso->open('sign-in', 'pending', Sso::firstCookie($cookies, PENDING)), true);
        return $provider->finish($_SERVER['QUERY_STRING'] ?? '', $pending);
    } catch (Damaged) {
        return null;
    }
}

function pending_cookie(Sso $sso, string $value, int $seconds): string
{
    return PENDING . "=$value; Path=" . PATH . "/auth/keycloak; Max-Age=$seconds; HttpOnly" . ($sso->secure ? '; Secure' : '') . '; SameSite=Lax';
}
