// Must not compile: the literal is no Mailbox
// A literal that is no mailbox (RFC 5321 4.1.2: an unquoted space).

#include <sansmtp/grammar/mailbox.hpp>

using namespace sansmtp::literals;

constexpr auto box = "a b@c.example"_mailbox;
