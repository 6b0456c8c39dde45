"""The words of people who show where a secret goes, and everybody's first passwords."""

from __future__ import annotations

# A value that consists of these alone is no secret.
PLACEHOLDER = frozenset(
    "your yours my mine our example examples sample samples placeholder placeholders changeme change replace "
    "replaceme repalce insert enter put paste fill add dummy fake fakekey fakesecret mock todo fixme tbd redacted "
    "redact hidden masked removed censored private undefined null none nil nan true false yes no empty blank default "
    "foo bar baz foobar lorem ipsum here goes something anything whatever some any value string text secret secrets "
    "password passwd pass pwd passphrase token tokens key keys apikey api credential credentials user username login "
    "admin account client mypassword mysecret mytoken mykey yourpassword yourtoken yourkey yoursecret test testing "
    "tests demo real short xyz abc abcd abcdef abcdefg asdf qwerty secretkey secretpassword access auth the a is of "
    "to for from and or with not in on this that use set get new old bearer basic authorization valid invalid bad "
    "wrong correct id name hf openai google aws github slack azure prod dev staging live sandbox env environment "
    "variable".split()
)

# One of these is enough, whatever else stands there.
SURE = frozenset(
    "placeholder changeme replaceme repalce example insert dummy redacted censored yourpassword yourtoken yourkey "
    "yoursecret your yours lorem fixme todo fake mypassword mysecret mytoken fakekey somefakekey".split()
)

# Where only a password can stand, these still show where it goes.
TEMPLATE = frozenset(
    "password passwd pass pwd pw passphrase secret token key apikey your my user username login name db database the a "
    "here mypassword mypass yourpassword userpassword dbpassword dbpass string value xxx foo bar credentials".split()
)

# Passwords of tutorials and exercises. Where one of them opens a real server (a connection URL,
# say), the rule for that place still reports it.
WEAK_PASSWORDS = frozenset(
    "password passwd pass pwd secret admin root user guest test demo example changeme 123456 12345678 123456789 1234 "
    "12345 qwerty abc123 password1 password123 pass123 pass1234 test123 test1234 admin123 letmein welcome hunter2 xxx "
    "postgres mysql username string hidden none null abcd1234 secret123 mypassword mypass mypasswd hello world "
    "hello123 foobar".split()
)
