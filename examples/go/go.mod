module acme.org/sso/member

go 1.19
