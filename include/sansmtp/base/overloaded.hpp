// overloaded: several lambdas as one visitor, for std::visit over events and commands.
//
// The usual three lines that every user of std::variant writes; here so that an embedding is
// whole with one include.

#ifndef SANSMTP_BASE_OVERLOADED_HPP
#define SANSMTP_BASE_OVERLOADED_HPP

namespace sansmtp {

template <class... Lambdas>
struct overloaded : Lambdas... {
  using Lambdas::operator()...;
};

template <class... Lambdas>
overloaded(Lambdas...) -> overloaded<Lambdas...>;

}  // namespace sansmtp

#endif
