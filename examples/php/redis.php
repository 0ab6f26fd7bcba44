<?php
declare(strict_types=1);

/** Redis or the provider could not be asked: 503, and nothing is deleted. */
final class Unavailable extends RuntimeException {}
/** The provider refuses, but not this refresh token: no retry will help, but a new sign-in may. */
final class Useless extends RuntimeException {}
/** A key of the session is not what it should be: it counts as absent. */
final class Damaged extends RuntimeException {}

/** Redis for one request: RESP2 over one connection, within two seconds. Answers are texts, integers, lists, or null. */
final class Redis
{
    private const LIMIT = 2;
    /** @var resource|null */
    private $socket = null;

    public function __construct(private string $address, private string $scripts) {}

    /** Runs a script by its digest, and sends its text when this Redis does not know it yet. */
    public function run(string $script, array $keys, string|int ...$args): mixed
    {
        $text = file_get_contents("$this->scripts/$script.lua");
        $rest = [count($keys), ...$keys, ...$args];
        try {
            return $this->ask('EVALSHA', sha1($text), ...$rest);
        } catch (RedisError $error) {
            if (!str_starts_with($error->getMessage(), 'NOSCRIPT')) throw $error->meaning();
            return $this->send('EVAL', $text, ...$rest);
        }
    }

    public function send(string|int ...$command): mixed
    {
        try {
            return $this->ask(...$command);
        } catch (RedisError $error) {
            throw $error->meaning();
        }
    }

    private function ask(string|int ...$command): mixed
    {
        $this->socket ??= $this->connect();
        $request = '*' . count($command) . "\r\n";
        foreach ($command as $part) $request .= '$' . strlen((string) $part) . "\r\n$part\r\n";
        for ($sent = 0; $sent < strlen($request); $sent += $written) {
            $written = @fwrite($this->socket, substr($request, $sent));
            if (!$written) throw new Unavailable('Redis could not be asked');
        }
        return $this->answer();
    }

    /** @return resource */
    private function connect()
    {
        $at = parse_url($this->address);
        $this->socket = @stream_socket_client("tcp://$at[host]:$at[port]", $code, $why, self::LIMIT)
            ?: throw new Unavailable("Redis could not be reached: $why");
        stream_set_timeout($this->socket, self::LIMIT);
        $this->ask('AUTH', $at['user'], $at['pass']);
        return $this->socket;
    }

    private function answer(): mixed
    {
        $line = fgets($this->socket);
        if ($line === false) throw new Unavailable('Redis did not answer in time');
        $rest = substr($line, 1, -2);
        switch ($line[0]) {
            case '+': return $rest;
            case '-': throw new RedisError($rest);
            case ':': return (int) $rest;
            case '$':
                if ($rest === '-1') return null;
                $text = stream_get_contents($this->socket, (int) $rest + 2);
                if (strlen($text) < (int) $rest + 2) throw new Unavailable('Redis did not answer in time');
                return substr($text, 0, -2);
            default:
                $items = [];
                for ($i = 0; $i < (int) $rest; $i++) $items[] = $this->answer();
                return $rest === '-1' ? null : $items;
        }
    }
}

final class RedisError extends RuntimeException
{
    /** Whether it is about one session's data, or about Redis. */
    public function meaning(): RuntimeException
    {
        return preg_match('/^(WRONGTYPE|ERR user_script)/', $this->getMessage()) ? new Damaged('a key') : new Unavailable('Redis refused');
    }
}
