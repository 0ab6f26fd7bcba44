package main

import (
	"encoding/json"
	"errors"
	"log"
	"strconv"
	"time"
)

// The session contract 1.0 (docs/session-contract.md), sections 6 and 7: how a session begins and how it is signed off.

const (
	absolute           = 8 * time.Hour
	longestAccessToken = 15 * time.Minute
	skew               = 30 * time.Second
	secondLook         = 2 * time.Second
)

// Begin begins a session of somebody whom the provider has just signed in. Gives its id, "" when a sign-off came between.
func (s *Sessions) Begin(user *SignedIn, device string, secure bool, oldID string) (string, error) {
	id, now := randomText(), time.Now()
	created, until := strconv.FormatInt(now.UnixMilli(), 10), strconv.FormatInt(now.Add(absolute).UnixMilli(), 10)
	if len(device) > 200 {
		device = device[:200]
	}
	profile, _ := json.Marshal(user.Profile)
	fields := append([]string{"v", "1", "state", "live", "provider", "keycloak", "issuer", user.Issuer, "subject", user.Subject,
		"name", user.Name, "profile", string(profile), "created", created, "until", until, "seen", created, "device", device,
		"tokensRev", "1"}, s.tokenFields(id, user.Tokens)...)
	indexes := []string{"idx:user:" + hash(user.Issuer, user.Subject)}
	if user.SID != "" {
		fields = append(fields, "sid", user.SID)
		indexes = append(indexes, "idx:sid:"+hash(user.Issuer, user.SID))
	}
	if _, err := s.redis.Run("index", []string{"idx:users"}, userEntry(user.Name, user.Issuer, user.Subject), until); err != nil {
		return "", err
	}
	for _, index := range indexes { // before the record: too much, never too little
		if _, err := s.redis.Run("index", []string{index}, id, until); err != nil {
			return "", err
		}
	}
	created1, err := s.redis.Run("create", keysOf(id), append([]string{millis(idle), until, express(user, until, secure)}, fields...)...)
	if err != nil {
		return "", err
	}
	if created1 != int64(1) {
		return "", errors.New("256 random bits came twice")
	}
	if ended, err := s.endedSince(user); err != nil || ended {
		if err == nil {
			_, err = s.end(id, "replaced", "user", "", "")
		}
		return "", err
	}
	if oldID != "" {
		if _, err := s.end(oldID, "replaced", "user", "", ""); err != nil {
			return "", err
		}
	}
	return id, nil
}

// express is the JSON that guests read.
func express(user *SignedIn, until string, secure bool) string {
	type object = map[string]any
	cookie := object{"originalMaxAge": nil, "expires": nil, "httpOnly": true, "path": "/", "sameSite": "lax"}
	if secure {
		cookie["secure"] = true
	}
	text, _ := json.Marshal(object{
		"cookie":   cookie,
		"passport": object{"user": object{"issuer": user.Issuer, "subject": user.Subject, "name": user.Name, "roles": user.Tokens.Roles}},
		"sso":      object{"until": json.Number(until)},
	})
	return string(text)
}

// endedSince: a sign-off may have ended this provider session while its code was being exchanged.
func (s *Sessions) endedSince(user *SignedIn) (bool, error) {
	marks := map[string]time.Duration{"ended-sid:user:" + hash(user.Issuer, user.Subject): 0}
	if user.SID != "" {
		marks["ended-sid:"+hash(user.Issuer, user.SID)] = skew
	}
	for key, skew := range marks {
		mark, err := s.redis.Do("GET", key)
		if err != nil {
			return false, err
		}
		if text, there := mark.(string); there {
			at, _ := strconv.ParseInt(text, 10, 64)
			if user.IssuedAt*1000 <= at+skew.Milliseconds() {
				return true, nil
			}
		}
	}
	return false, nil
}

// SignOff: when it returns without an error, no member accepts the session any more. May be asked again.
func (s *Sessions) SignOff(id string) error {
	was, err := s.end(id, "signed-off", "user", "", "1")
	if err != nil {
		return err
	}
	if was["outcome"] == "ended" || was["endReason"] == "signed-off" || was["endReason"] == "gone" {
		if err := s.endSiblings(id, was); err != nil {
			return err
		}
		s.endAtProvider(id, was["refresh"])
	}
	return nil
}

// endSiblings: tabs that signed in at once have a session each; they end with the provider session that they share.
func (s *Sessions) endSiblings(id string, was map[string]string) error {
	if was["sid"] == "" {
		return nil
	}
	sid := hash(was["issuer"], was["sid"])
	if _, err := s.redis.Run("mark-ended", []string{"ended-sid:" + sid}, millis(longestAccessToken)); err != nil {
		return err
	}
	found, err := s.redis.Do("ZRANGE", "idx:sid:"+sid, "0", "-1")
	if err != nil || len(found.([]any)) == 0 {
		return err
	}
	for _, other := range texts(found) {
		if other != id {
			if _, err := s.end(other, "signed-off", "user", "", ""); err != nil {
				return err
			}
		}
	}
	_, err = s.redis.Do(append([]string{"ZREM", "idx:sid:" + sid}, texts(found)...)...)
	return err
}

func (s *Sessions) endAtProvider(id, sealed string) {
	if sealed == "" {
		return
	}
	token, err := s.seal.Open(id, "refresh", sealed)
	if err == nil {
		err = s.provider.EndSession(token)
	}
	if err == nil {
		_, err = s.redis.Run("provider-ended", keysOf(id)[1:])
	}
	if err != nil {
		log.Printf("The provider's session goes on: %v", err)
	}
}
