// SPDX-License-Identifier: GPL-2.0
/*
 * The harness, see unit.h. `test_x [NAME...]` runs all tests, or the named ones.
 * UNIT_VERBOSE=1 shows the stderr of tests that pass. UNIT_HANG is the timeout of a test
 * in seconds.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "shim.h"
#include "unit.h"

/* Far more than any test takes: a test that hangs must end; no test depends on it. */
#define HANG_SECONDS	300
#define STATUS_CHECK	99

static struct unit_test *tests;
static struct unit_test **tests_end = &tests;
/* Shared with the tests' processes. */
static char *message;
static uint64_t seed_now, random_state;
static bool seed_given;

void unit_register(struct unit_test *test)
{
	*tests_end = test;
	tests_end = &test->next;
}

void unit_fail(const char *file, int line, const char *format, ...)
{
	const char *base = strrchr(file, '/');
	va_list args;
	size_t at;

	at = sprintf(message, "%s:%d: ", base ? base + 1 : file, line);
	if (seed_given)
		at += sprintf(message + at, "seed %llu: ",
			      (unsigned long long)seed_now);
	va_start(args, format);
	vsnprintf(message + at, 2000, format, args);
	va_end(args);
	_exit(STATUS_CHECK);
}

void unit_seed(uint64_t seed)
{
	seed_now = seed;
	seed_given = true;
	random_state = seed * 0xd1342543de82ef95ULL + 1;
	shim_seed(seed);
}

uint64_t unit_random(void)
{
	uint64_t x = random_state += 0x9e3779b97f4a7c15ULL;

	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ULL;
	x = (x ^ x >> 27) * 0x94d049bb133111ebULL;
	return x ^ x >> 31;
}

uint32_t unit_below(uint32_t bound)
{
	return (unit_random() >> 32) * bound >> 32;
}

uint32_t unit_seeds(uint32_t count)
{
	const char *percent = getenv("UNIT_SEEDS");

	/* The 32-bit emulation runs the same tests again. */
	if (BITS_PER_LONG == 32)
		count /= 4;
	return percent ? count * strtoul(percent, NULL, 10) / 100 : count;
}

bool unit_dies(void (*run)(void))
{
	int status;
	pid_t pid;

	pid = fork();
	if (!pid) {
		int null = open("/dev/null", O_WRONLY);

		dup2(null, STDERR_FILENO);
		run();
		_exit(0);
	}
	waitpid(pid, &status, 0);
	return !WIFEXITED(status) ||
		(WEXITSTATUS(status) && WEXITSTATUS(status) != STATUS_CHECK);
}

/* Show a failed test's stderr: a sanitizer's report, an assertion. */
static void errors_show(FILE *errors)
{
	char line[4096];

	rewind(errors);
	while (fgets(line, sizeof(line), errors))
		fputs(line, stderr);
}

static bool test_run(const struct unit_test *test, const char *suite)
{
	int status;
	pid_t pid;

	const char *hang = getenv("UNIT_HANG");
	FILE *errors = tmpfile();

	message[0] = '\0';
	fflush(stdout);
	pid = fork();
	if (!pid) {
		if (errors && !getenv("UNIT_VERBOSE"))
			dup2(fileno(errors), STDERR_FILENO);
		alarm(hang ? strtoul(hang, NULL, 10) : HANG_SECONDS);
		test->run();
		if (shim_live())
			unit_fail("unit.c", 0, "%zu allocations (%zu bytes) not given back",
				  shim_live(), shim_live_bytes());
		/* Not _exit(): LeakSanitizer checks at exit. */
		exit(0);
	}
	if (pid < 0 || waitpid(pid, &status, 0) != pid)
		snprintf(message, 2000, "expected a process, got none");
	else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGALRM)
		snprintf(message, 2000, "expected the end of the test, got a hang");
	else if (WIFSIGNALED(status))
		snprintf(message, 2000, "expected the end of %s, got signal %d, see stderr", suite,
			 WTERMSIG(status));
	else if (WEXITSTATUS(status) && WEXITSTATUS(status) != STATUS_CHECK)
		snprintf(message, 2000, "expected status 0 of %s, got %d: a sanitizer's report, see stderr",
			 suite, WEXITSTATUS(status));
	else if (WEXITSTATUS(status) && !message[0])
		snprintf(message, 2000, "expected a message, got none");

	if (message[0] && errors)
		errors_show(errors);
	if (errors)
		fclose(errors);

	if (message[0])
		printf("FAIL %s/%s: %s\n", suite, test->name, message);
	else
		printf("PASS %s/%s\n", suite, test->name);
	return !message[0];
}

int main(int argc, char **argv)
{
	const char *suite = strrchr(argv[0], '/');
	struct unit_test *test;
	bool good = true;
	int i;

	suite = suite ? suite + 1 : argv[0];
	if (!strncmp(suite, "test_", 5))
		suite += 5;
	message = mmap(NULL, 4096, PROT_READ | PROT_WRITE,
		       MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (message == MAP_FAILED)
		return 2;
	for (test = tests; test; test = test->next) {
		for (i = 1; i < argc && strcmp(argv[i], test->name); i++)
			;
		if (argc == 1 || i < argc)
			good = test_run(test, suite) && good;
	}
	return !good;
}

#ifdef __SANITIZE_ADDRESS__
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	/*
	 * A test holds a few MiB at most. By default 256 MiB of freed memory are not
	 * used again, and each new page costs a fault.
	 */
	return "quarantine_size_mb=16";
}
#endif

#ifdef __SANITIZE_THREAD__
const char *__tsan_default_options(void);
const char *__tsan_default_options(void)
{
	return "halt_on_error=1";
}
#endif
