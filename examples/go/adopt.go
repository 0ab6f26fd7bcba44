package main

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"
)

// The session contract 1.0 (docs/session-contract.md), section 6: a session that a guest began becomes one of ours.

// granted are the roles that a guest may grant: it says itself who its user is, and with which roles.
var granted = map[string]bool{"user": true}

// FindAdopted gives the session of a guest, after it has been given a record; nil when there is none.
func (s *Sessions) FindAdopted(id string, background bool) (*Session, error) {
	answer, err := s.redis.Do("GET", keysOf(id)[0])
	if errors.Is(err, errUnavailable) {
		return nil, err
	}
	text, _ := answer.(string)
	var guest struct {
		Passport struct {
			User struct {
				Issuer, Subject, Name string
				Roles                 []string
			}
		}
		Sso struct{ Until int64 }
	}
	user, now := &guest.Passport.User, time.Now()
	if json.Unmarshal([]byte(text), &guest) != nil || user.Issuer != s.provider.Issuer || user.Subject == "" || guest.Sso.Until <= now.UnixMilli() {
		return nil, nil
	}
	if user.Name == "" {
		user.Name = user.Subject
	}
	if strings.Contains(user.Subject, "\x00") {
		return nil, nil
	}
	end := now.Add(absolute).UnixMilli()
	if guest.Sso.Until < end {
		end = guest.Sso.Until
	}
	roles := []string{}
	for _, role := range user.Roles {
		if granted[role] {
			roles = append(roles, role)
		}
	}
	rolesText, _ := json.Marshal(roles)
	until, created := strconv.FormatInt(end, 10), strconv.FormatInt(now.UnixMilli(), 10)
	if _, err := s.redis.Run("index", []string{"idx:user:" + hash(user.Issuer, user.Subject)}, id, until); err != nil {
		return nil, err
	}
	if _, err := s.redis.Run("index", []string{"idx:users"}, userEntry(user.Name, user.Issuer, user.Subject), until); err != nil {
		return nil, err
	}
	if _, err := s.redis.Run("adopt", keysOf(id), text, millis(idle), until, "v", "1", "state", "live", "provider", "keycloak",
		"issuer", user.Issuer, "subject", user.Subject, "name", user.Name, "roles", string(rolesText), "profile", "{}",
		"created", created, "until", until, "seen", created, "access", "", "accessExpires", until, "tokensRev", "1"); err != nil {
		return nil, err
	}
	return s.Find(id, background) // also when somebody was faster
}

// userEntry is a member of idx:users.
func userEntry(name, issuer, subject string) string {
	return strings.ReplaceAll(name, "\x00", " ") + "\x00" + issuer + "\x00" + subject
}
