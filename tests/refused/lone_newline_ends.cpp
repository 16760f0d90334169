// Must not compile: accept
// There is no policy by which a lone LF would end a line of a message (RFC 5321 2.3.8).

#include <sansmtp/wire/data_decoder.hpp>

sansmtp::data_decoder decoder(sansmtp::bare_newline::accept);
