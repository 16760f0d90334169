// What a program has without the library.

int main() { return 0; }
