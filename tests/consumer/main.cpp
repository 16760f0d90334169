// The smallest use of the library by someone else: the whole of it, included in two files.

#include <sansmtp/sansmtp.hpp>

#include <cstdio>

unsigned long content_octets(const char* wire);

int main() {
  // A dot at a line's start is dropped, and CRLF "." CRLF ends the message (RFC 5321 4.5.2).
  const unsigned long octets = content_octets("..a\r\n.\r\nQUIT\r\n");
  std::printf("sansmtp " SANSMTP_VERSION ": %lu octets of content\n", octets);
  return octets == 4 ? 0 : 1;
}
