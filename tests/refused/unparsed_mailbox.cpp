// Must not compile: no matching
// A mailbox has one door, parse(), and none for text that nobody has looked at.

#include <sansmtp/grammar/mailbox.hpp>

#include <string_view>

sansmtp::mailbox unparsed(std::string_view text) { return sansmtp::mailbox(text); }
