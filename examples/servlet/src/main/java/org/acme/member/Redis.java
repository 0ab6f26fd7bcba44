package org.acme.member;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.acme.session.contract.DamagedRecordException;
import org.acme.session.contract.ScriptCall;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.HostAndPort;
import redis.clients.jedis.JedisPooled;
import redis.clients.jedis.exceptions.JedisDataException;
import redis.clients.jedis.exceptions.JedisException;
import redis.clients.jedis.exceptions.JedisNoScriptException;
import redis.clients.jedis.params.SetParams;

/** Redis, within two seconds. */
final class Redis {

    private static final int LIMIT_MILLIS = 2000;

    private final JedisPooled jedis;

    Redis(URI address) {
        String[] user = address.getUserInfo().split(":", 2);
        jedis = new JedisPooled(
                new HostAndPort(address.getHost(), address.getPort()),
                DefaultJedisClientConfig.builder()
                        .user(user[0])
                        .password(user[1])
                        .timeoutMillis(LIMIT_MILLIS)
                        .build());
    }

    /** Runs a script by its digest, and sends its text when this Redis does not know it yet. */
    Object run(ScriptCall call) {
        return ask(() -> {
            try {
                return jedis.evalsha(call.script().sha1(), call.keys(), call.arguments());
            } catch (JedisNoScriptException unknown) {
                return jedis.eval(call.script().source(), call.keys(), call.arguments());
            }
        });
    }

    long number(ScriptCall call) {
        return (Long) run(call);
    }

    List<?> list(ScriptCall call) {
        return (List<?>) run(call);
    }

    Optional<String> get(String key) {
        return Optional.ofNullable(ask(() -> jedis.get(key)));
    }

    String field(String key, String field) {
        return Optional.ofNullable(ask(() -> jedis.hget(key, field))).orElse("");
    }

    List<String> members(String sortedSet) {
        return ask(() -> jedis.zrange(sortedSet, 0, -1));
    }

    void remove(String sortedSet, List<String> members) {
        ask(() -> jedis.zrem(sortedSet, members.toArray(String[]::new)));
    }

    void delete(List<String> keys) {
        ask(() -> jedis.del(keys.toArray(String[]::new)));
    }

    void set(String key, String value, long millis) {
        ask(() -> jedis.set(key, value, SetParams.setParams().px(millis)));
    }

    boolean lock(String key, String holder, long millis) {
        return ask(() -> jedis.set(key, holder, SetParams.setParams().nx().px(millis))) != null;
    }

    private static <T> T ask(Supplier<T> question) {
        try {
            return question.get();
        } catch (JedisDataException refused) {
            String why = String.valueOf(refused.getMessage());
            if (why.startsWith("WRONGTYPE") || why.startsWith("ERR user_script")) {
                throw new DamagedRecordException("a key or field is not what it should be");
            }
            throw new UnavailableException("Redis refused", refused);
        } catch (JedisException away) {
            throw new UnavailableException("Redis could not be asked", away);
        }
    }
}
