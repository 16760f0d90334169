// Must not compile: the literal is no Reverse-path
// A path that would carry a second command on the wire (RFC 5321 4.1.2).

#include <sansmtp/grammar/path.hpp>

using namespace sansmtp::literals;

constexpr auto path = "<a@b.example>\r\nRCPT TO:<c@d.example>"_reverse_path;
