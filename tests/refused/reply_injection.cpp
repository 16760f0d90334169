// Must not compile: the literal is no textstring
// Text that would be a reply of its own on the wire (RFC 5321 4.2).

#include <sansmtp/grammar/reply_text.hpp>

using namespace sansmtp::literals;

constexpr auto text = "ok\r\n250 more"_text;
