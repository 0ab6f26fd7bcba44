package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"strconv"
	"time"
)

// The session contract 1.0 (docs/session-contract.md), section 5. Nothing is remembered between requests, so each asks Redis
// once, and every end is heard by asking.

const (
	idle       = 30 * time.Minute
	touchEvery = 30 * time.Second
	ahead      = 15 * time.Second
	lockLength = 5 * time.Second
	waitAtMost = 5 * time.Second
	lookAgain  = 40 * time.Millisecond
	// how long nobody asks the provider again about tokens that it has refused for a reason of its own
	signInAgain = time.Minute
	never       = "-1" // touch: no activity
)

type Sessions struct {
	redis    *Redis
	seal     *Seal
	provider *Provider
	field    string // of our attributes
}

func millis(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }

// Find gives the session with that id, its tokens refreshed if due; nil for none. In the background it is no activity of its user.
func (s *Sessions) Find(id string, background bool) (*Session, error) {
	touch := millis(touchEvery)
	if background {
		touch = never
	}
	session, err := s.read(id, touch)
	if err != nil || session == nil || !session.isDue() {
		return session, err
	}
	return s.refreshed(session, time.Now().Add(waitAtMost))
}

// Peek reads without counting as activity.
func (s *Sessions) Peek(id string) (*Session, error) { return s.read(id, never) }

func (s *Sessions) read(id, touch string) (*Session, error) {
	args := append(append([]string{millis(idle), touch}, fieldNames...), s.field)
	answer, err := s.redis.Run("read", keysOf(id), args...)
	if errors.Is(err, errUnavailable) {
		return nil, err
	}
	var session *Session
	if err == nil {
		parts := answer.([]any)
		if parts[0] != "live" {
			return nil, nil
		}
		values := parts[2].([]any)
		if session, err = parse(id, parts[1].(string), values, s.seal); err == nil {
			session.Attributes = attributesIn(values[len(fieldNames)])
		}
	}
	if err != nil {
		log.Printf("Session %.12s is damaged and counts as absent", hash(id))
		return nil, nil
	}
	return session, nil
}

func (s *Session) isDue() bool {
	return s.Refresh != "" && time.Now().Add(ahead).UnixMilli() > s.AccessExpires
}
func (s *Session) hasExpired() bool { return time.Now().UnixMilli() > s.AccessExpires }

// refreshed: once in the whole fleet. Who does not get the lock uses what the winner wrote.
func (s *Sessions) refreshed(session *Session, deadline time.Time) (*Session, error) {
	lock, holder := "{sess:"+session.ID+"}:refresh", randomText()
	for {
		taken, err := s.redis.Do("SET", lock, holder, "NX", "PX", millis(lockLength))
		switch {
		case err != nil:
			return nil, err
		case taken != nil:
			return s.refreshHolding(session.ID, lock, holder)
		case !session.hasExpired():
			return session, nil
		case time.Now().After(deadline):
			return nil, fmt.Errorf("%w: somebody else is still refreshing the tokens", errUnavailable)
		}
		time.Sleep(lookAgain)
		if session, err = s.Peek(session.ID); err != nil || session == nil || !session.hasExpired() {
			return session, err
		}
	}
}

func (s *Sessions) refreshHolding(id, lock, holder string) (*Session, error) {
	done := make(chan struct{})
	defer s.redis.Run("lock-release", []string{lock}, holder)
	defer close(done)
	go func() {
		for {
			select {
			case <-done:
				return
			case <-time.After(lockLength / 3):
				s.redis.Run("lock-extend", []string{lock}, holder, millis(lockLength))
			}
		}
	}()
	session, err := s.Peek(id) // the winner before us may have written
	if err != nil || session == nil || !session.isDue() {
		return session, err
	}
	useless, err := s.redis.Do("GET", signInKey(id))
	if err != nil || useless == session.TokensRev {
		return session.goingOn(), err
	}
	return s.grant(session)
}

func signInKey(id string) string { return "{sess:" + id + "}:sign-in" }

// goingOn: tokens that nobody can refresh are good for as long as they last; then the request is one without a session.
func (s *Session) goingOn() *Session {
	if s.hasExpired() {
		return nil
	}
	return s
}

func (s *Sessions) grant(session *Session) (*Session, error) {
	tokens, err := s.provider.Refresh(session)
	switch {
	case errors.Is(err, errRefused):
		if err := s.refused(session); err != nil {
			return nil, err
		}
	case errors.Is(err, errUseless):
		_, err := s.redis.Do("SET", signInKey(session.ID), session.TokensRev, "PX", millis(signInAgain))
		return session.goingOn(), err
	case err != nil && session.hasExpired():
		return nil, fmt.Errorf("%w: the provider could not refresh the tokens: %v", errUnavailable, err)
	case err == nil:
		args := append([]string{session.TokensRev}, s.tokenFields(session.ID, tokens)...)
		written, err := s.redis.Run("write-tokens", keysOf(session.ID)[1:], args...)
		if err != nil {
			return nil, err
		}
		if written.(int64) == -1 { // a sign-off came between
			s.provider.EndSession(tokens.Refresh)
		}
	}
	return s.Peek(session.ID)
}

// refused: bearer tokens end with the session, all that the provider issued for it up to the last one, and none that it issues later.
func (s *Sessions) refused(session *Session) error {
	was, err := s.end(session.ID, "refresh-refused", "provider", session.TokensRev, "")
	if err != nil || was["outcome"] == "refreshed" || session.SID == "" {
		return err
	}
	var last struct{ Iat int64 }
	if claims(session.Access, &last) != nil || last.Iat == 0 {
		return nil
	}
	_, err = s.redis.Run("mark-ended", []string{"ended-sid:" + hash(session.Issuer, session.SID)}, millis(longestAccessToken),
		strconv.FormatInt(last.Iat*1000-skew.Milliseconds(), 10))
	return err
}

func (s *Sessions) tokenFields(id string, tokens *Tokens) []string {
	roles, _ := json.Marshal(tokens.Roles)
	fields := []string{"roles", string(roles), "access", s.seal.Seal(id, "access", tokens.Access),
		"accessExpires", strconv.FormatInt(tokens.Expires.UnixMilli(), 10)}
	if tokens.Refresh != "" {
		fields = append(fields, "refresh", s.seal.Seal(id, "refresh", tokens.Refresh))
	}
	return fields
}

// end ends one session and makes every memory forget it; gives what it was, with "outcome".
func (s *Sessions) end(id, reason, actor, tokensRev, keepRefresh string) (map[string]string, error) {
	answer, err := s.redis.Run("end", keysOf(id), reason, actor, tokensRev, keepRefresh)
	if err != nil && !errors.Is(err, errUnavailable) {
		// What is no record cannot be marked as ended. It opens nothing, and it must not stay.
		answer = []any{"already"}
		_, err = s.redis.Do(append([]string{"DEL"}, keysOf(id)...)...)
	}
	if err != nil {
		return nil, err
	}
	time.AfterFunc(secondLook, func() { s.Peek(id) }) // a guest's write in flight has arrived by then
	parts := answer.([]any)
	was := map[string]string{"outcome": parts[0].(string)}
	if len(parts) > 1 {
		pairs := parts[1].([]any)
		for i := 0; i+1 < len(pairs); i += 2 {
			was[pairs[i].(string)] = pairs[i+1].(string)
		}
	}
	return was, s.forgetEverywhere()
}

// forgetEverywhere: no transport here. Takes every lease, and waits until the last of them has run out, a second at most.
func (s *Sessions) forgetEverywhere() error {
	holders, err := s.redis.Run("lease-holders", []string{"leases"})
	if err != nil || len(holders.([]any)) == 0 {
		return err
	}
	left, err := s.redis.Run("lease-revoke", []string{"leases"}, texts(holders)...)
	if err == nil {
		time.Sleep(time.Duration(left.(int64)) * time.Millisecond)
	}
	return err
}

// Change changes our attributes; false when the session has ended.
func (s *Sessions) Change(id string, change func(map[string]string)) (bool, error) {
	for {
		answer, err := s.redis.Do("HGET", keysOf(id)[1], s.field)
		if err != nil {
			return false, err
		}
		before, _ := answer.(string)
		attributes := attributesIn(answer)
		change(attributes)
		after, _ := json.Marshal(attributes)
		if len(after) > 8192 {
			return false, errTooLarge
		}
		done, err := s.redis.Run("write-attributes", keysOf(id), s.field, before, string(after))
		if err != nil || done != int64(0) {
			return done == int64(1), err
		}
	}
}

// attributesIn reads a service's attributes; none when they cannot be read. Nobody else writes them, and the next write begins anew.
func attributesIn(field any) map[string]string {
	text, _ := field.(string)
	var all map[string]string
	if json.Unmarshal([]byte(text), &all) != nil || all == nil {
		return map[string]string{}
	}
	return all
}

var errTooLarge = errors.New("the attributes of one service take 8 KiB at most")

func texts(list any) []string {
	var all []string
	for _, item := range list.([]any) {
		all = append(all, item.(string))
	}
	return all
}
