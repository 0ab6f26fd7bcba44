// A stock Express service of the same site: nothing here knows our code. Started by ExpressApp.java.

import { RedisStore } from 'connect-redis';
import express from 'express';
import session from 'express-session';
import passport from 'passport';
import { createClient } from 'redis';

const redis = createClient({ url: process.env.EXPRESS_REDIS_URL });
redis.on('error', (error) => console.error('redis:', error.message));
await redis.connect();

passport.serializeUser((user, done) => done(null, user));
passport.deserializeUser((user, done) => done(null, user));

const app = express();
app.use(
  session({
    name: process.env.EXPRESS_COOKIE,
    secret: process.env.EXPRESS_COOKIE_SECRET,
    resave: false,
    saveUninitialized: false,
    store: new RedisStore({ client: redis, prefix: 'sess:' }),
  }),
);
app.use(passport.session());

app.get('/whoami', (req, res) => {
  if (req.isAuthenticated()) {
    res.json(req.user);
  } else {
    res.status(401).json({ error: 'nobody' });
  }
});

// A write as any Express service makes it: at the end of the request the whole session is saved.
app.get('/remember/:value', (req, res) => {
  req.session.remembered = req.params.value;
  res.json({ remembered: req.session.remembered });
});

// The same, held up between loading the session and saving it, until somebody says /release.
const held = [];
app.get('/hold', (req, res) => {
  req.session.late = true;
  held.push(() => res.json({ savedLate: true }));
});
app.get('/held', (req, res) => res.json({ held: held.length }));
app.get('/release', (req, res) => {
  held.splice(0).forEach((finish) => finish());
  res.json({ released: true });
});

const server = app.listen(0, '127.0.0.1', () => console.log(`listening on ${server.address().port}`));
