#include <sansmtp/sansmtp.hpp>

#include <string_view>

unsigned long content_octets(const char* wire);

unsigned long content_octets(const char* wire) {
  sansmtp::data_decoder decoder;
  std::string_view rest = wire;
  while (true) {
    const auto piece = decoder.decode(rest);
    rest.remove_prefix(piece.used);
    if (piece.end || rest.empty()) return static_cast<unsigned long>(decoder.size());
  }
}
