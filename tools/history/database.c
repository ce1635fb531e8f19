// SPDX-License-Identifier: GPL-2.0
/*
 * The database of the history, by libsqlite3.
 * Copyright (C) the l2packet_counter authors
 */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "history/database.h"
#include "history/schema.h"
#include "util/errors.h"
#include "util/files.h"
#include "util/text.h"

/* A save of 100,000 stations takes a second or two. */
#define BUSY_MS		30000
#define BUSY_STEP_MS	20
/* Of the log, which stays beside the file. */
#define LOG_BYTES	"8388608"

#define STRING(x)	STRING_(x)
#define STRING_(x)	#x

void history_fail(struct history *history)
{
	int code = sqlite3_errcode(history->db), error = sqlite3_system_errno(history->db);
	const char *text = sqlite3_errmsg(history->db), *hint = "";

	if (!history_ok(history))
		return;
	switch (code & 0xff) {
	case SQLITE_IOERR:
		text = error ? strerror(error) : text;
		break;
	case SQLITE_NOTADB:
		hint = " (l2pc save keeps its history in a SQLite database)";
		break;
	case SQLITE_CORRUPT:
		hint = " (move it away: the next save starts a new one)";
		break;
	case SQLITE_READONLY:
	case SQLITE_PERM:
		hint = " (run it as root, or name a file with --file)";
		break;
	case SQLITE_CANTOPEN:
		text = error ? strerror(error) : text;
		hint = " (its folder must be there, and yours to write)";
		break;
	case SQLITE_BUSY:
		hint = " (by another process, for more than 30 seconds: try again later)";
		break;
	case SQLITE_FULL:
		hint = " (make room, or allow more: sudo l2pc history --max-size 2G)";
		break;
	}
	snprintf(history->error, sizeof(history->error), "%s%s", text, hint);
}

static bool fail_text(struct history *history, const char *text)
{
	if (history_ok(history))
		snprintf(history->error, sizeof(history->error), "%s", text);
	return false;
}

bool history_print_error(const struct history *history)
{
	error_print("%s: %s", history->name, history->error);
	return false;
}

/* --- statements ------------------------------------------------------------- */

sqlite3_stmt *sql(struct history *history, const char *text, int count, ...)
{
	struct statement *s = history->statement;
	va_list args;

	if (!history_ok(history))
		return NULL;
	while (s->sql && s->sql != text)
		if (++s == history->statement + STATEMENTS_MAX)
			return fail_text(history, "too many statements"), NULL;
	if (!s->sql && sqlite3_prepare_v3(history->db, text, -1, SQLITE_PREPARE_PERSISTENT, &s->stmt,
					  NULL)) {
		history_fail(history);
		return NULL;
	}
	s->sql = text;
	sqlite3_reset(s->stmt);
	va_start(args, count);
	for (int i = 1; i <= count; i++)
		sqlite3_bind_int64(s->stmt, i, va_arg(args, int64_t));
	va_end(args);
	return s->stmt;
}

void sql_text(sqlite3_stmt *stmt, int number, const char *text)
{
	if (stmt)
		sqlite3_bind_text(stmt, number, text, -1, SQLITE_TRANSIENT);
}

bool sql_row(struct history *history, sqlite3_stmt *stmt)
{
	int result = stmt && history_ok(history) ? sqlite3_step(stmt) : SQLITE_DONE;

	if (result == SQLITE_ROW)
		return true;
	if (result != SQLITE_DONE)
		history_fail(history);
	/* A statement that has not ended holds the database. */
	if (stmt)
		sqlite3_reset(stmt);
	return false;
}

void sql_run(struct history *history, sqlite3_stmt *stmt)
{
	while (sql_row(history, stmt))
		;
}

int64_t sql_number(struct history *history, sqlite3_stmt *stmt)
{
	int64_t number = 0;

	while (sql_row(history, stmt))
		number = sqlite3_column_int64(stmt, 0);
	return number;
}

static void execute(struct history *history, const char *text)
{
	if (history_ok(history) && sqlite3_exec(history->db, text, NULL, NULL, NULL))
		history_fail(history);
}

/* --- settings --------------------------------------------------------------- */

int64_t setting_get(struct history *history, const char *name, int64_t by_default)
{
	sqlite3_stmt *stmt = sql(history, "SELECT value FROM setting WHERE name = ?1", 0);

	sql_text(stmt, 1, name);
	while (sql_row(history, stmt))
		by_default = sqlite3_column_int64(stmt, 0);
	return by_default;
}

void setting_put(struct history *history, const char *name, int64_t value)
{
	sqlite3_stmt *stmt = sql(history, "INSERT OR REPLACE INTO setting VALUES(?2, ?1)", 1, value);

	sql_text(stmt, 2, name);
	sql_run(history, stmt);
}

static void close_database(struct history *history)
{
	for (size_t i = 0; i < STATEMENTS_MAX; i++) {
		sqlite3_finalize(history->statement[i].stmt);
		history->statement[i] = (struct statement){ 0 };
	}
	sqlite3_close(history->db);
	history->db = NULL;
}

/* --- opening ---------------------------------------------------------------- */

/* The log stays when the last process closes it, so that others than root can read. */
static void keep_log(struct history *history)
{
	int on = 1;

	sqlite3_file_control(history->db, "main", SQLITE_FCNTL_PERSIST_WAL, &on);
}

/*
 * Keep a write-ahead log. SQLite reads the database's head, and then asks for the lock of a
 * writer while it holds that of a reader: that step calls no busy handler (sqlite3.h,
 * sqlite3_busy_handler), so it fails at once while another process writes.
 */
static void use_log(struct history *history)
{
	int result = SQLITE_BUSY;

	for (int ms = 0; history_ok(history) && result == SQLITE_BUSY && ms < BUSY_MS; ms += BUSY_STEP_MS) {
		if (ms)
			sqlite3_sleep(BUSY_STEP_MS);
		result = sqlite3_exec(history->db, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
	}
	if (result)
		history_fail(history);
}

/* Several processes may create it at once. */
static void create(struct history *history)
{
	use_log(history);
	execute(history, "BEGIN IMMEDIATE");
	if (sql_number(history, sql(history, "PRAGMA application_id", 0)) == APPLICATION_ID)
		return history_rollback(history);
	execute(history, SCHEMA "PRAGMA application_id = " STRING(APPLICATION_ID) ";"
			 "PRAGMA user_version = " STRING(VERSION) "; COMMIT");
	history->created = history_ok(history);
}

/* Is there nothing in it yet? */
static bool is_empty(struct history *history)
{
	return !sql_number(history, sql(history, "SELECT count(*) FROM sqlite_master", 0));
}

static bool check_head(struct history *history, bool writer)
{
	int64_t id, version;
	bool empty;

	/* Another process may create it between two statements. */
	execute(history, "BEGIN");
	id = sql_number(history, sql(history, "PRAGMA application_id", 0));
	version = sql_number(history, sql(history, "PRAGMA user_version", 0));
	empty = !id && is_empty(history);
	execute(history, "COMMIT");
	if (history_ok(history) && empty) {
		if (!writer)
			return fail_text(history, "an empty database (l2pc save fills it)");
		create(history);
		return history_ok(history);
	}
	if (history_ok(history) && id != APPLICATION_ID)
		return fail_text(history, "a database, but not one of l2pc save");
	if (version > VERSION)
		return fail_text(history, "written by a newer l2pc (update this one)");
	return history_ok(history);
}

/* Of all that SQLite may say then, none is the reason. */
static bool check_writable(struct history *history, const char *path)
{
	const char *hint = "";

	if (!access(path, W_OK))
		return true;
	if (errno == EACCES)
		hint = " (run it as root, or name a file with --file)";
	else if (errno == ENOENT)
		hint = " (its folder must be there, and yours to write)";
	if (history_ok(history))
		snprintf(history->error, sizeof(history->error), "%s%s", strerror(errno), hint);
	return false;
}

/* Of a folder that is missing, the nearest one above it that is there may be the reason. */
static bool check_folder(struct history *history)
{
	char folder[FILE_PATH], *slash;

	snprintf(folder, sizeof(folder), "%s", history->name);
	while ((slash = strrchr(folder, '/')) && slash > folder) {
		*slash = 0;
		if (!access(folder, F_OK))
			break;
	}
	if (!check_writable(history, slash ? slash > folder ? folder : "/" : "."))
		return false;
	snprintf(folder, sizeof(folder), "%s", history->name);
	slash = strrchr(folder, '/');
	if (slash)
		*slash = 0;
	return !slash || slash == folder || check_writable(history, folder);
}

/* A pipe would wait for another process, and a folder has an error of its own. */
static bool check_file(struct history *history, bool writer)
{
	struct stat st;

	if (!stat(history->name, &st)) {
		if (!S_ISREG(st.st_mode))
			return fail_text(history, "not a file");
		return !writer || check_writable(history, history->name);
	}
	if (!writer)
		return fail_text(history, "no such file (l2pc save creates it)");
	return check_folder(history);
}

/* Put %xx for what has a meaning in a URI. */
static void make_uri(const char *name, char *uri, size_t size)
{
	snprintf(uri, size, "file:");
	for (; *name; name++)
		text_append(uri, size, strchr("%?#", *name) ? "%%%02x" : "%c", (unsigned char)*name);
	text_append(uri, size, "?immutable=1");
}

/*
 * Without its log nobody writes the database. It is read as it is, where no log can be
 * made either: a copy, on a medium that is read only.
 */
static void open_copy(struct history *history)
{
	char log[FILE_PATH], uri[3 * FILE_PATH];

	snprintf(log, sizeof(log), "%s-wal", history->name);
	if (history_ok(history) || sqlite3_errcode(history->db) != SQLITE_CANTOPEN || !access(log, F_OK))
		return;
	close_database(history);
	history->error[0] = 0;
	make_uri(history->name, uri, sizeof(uri));
	if (sqlite3_open_v2(uri, &history->db, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL))
		history_fail(history);
	check_head(history, false);
}

static bool open_as(struct history *history, const char *name, bool writer)
{
	int flags = writer ? SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE : SQLITE_OPEN_READONLY;
	mode_t mask;
	int result;

	*history = (struct history){ .name = name };
	if (!check_file(history, writer))
		return history_print_error(history);
	/* All may read it, as sudo's umask may not say. */
	mask = umask(022);
	/* One thread at a time uses it. */
	result = sqlite3_open_v2(name, &history->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (result)
		history_fail(history);
	sqlite3_busy_timeout(history->db, BUSY_MS);
	if (!check_head(history, writer) && !writer)
		open_copy(history);
	if (history_ok(history) && writer) {
		keep_log(history);
		use_log(history);
		execute(history, "PRAGMA synchronous = FULL;"
				 "PRAGMA journal_size_limit = " LOG_BYTES);
	}
	umask(mask);
	return history_ok(history) || history_print_error(history);
}

bool history_open(struct history *history, const char *name)
{
	return open_as(history, name, true);
}

bool history_open_reader(struct history *history, const char *name)
{
	return open_as(history, name, false);
}

void history_close(struct history *history)
{
	close_database(history);
}

/* The bound on the file's size is not in the file's own head: each process sets it. */
static void limit_size(struct history *history)
{
	char text[64];

	snprintf(text, sizeof(text), "PRAGMA max_page_count = %" PRId64,
		 setting_get(history, SETTING_SIZE, SIZE_DEFAULT) /
			 (sql_number(history, sql(history, "PRAGMA page_size", 0)) ?: 1));
	execute(history, text);
}

bool history_begin(struct history *history)
{
	execute(history, "BEGIN IMMEDIATE");
	limit_size(history);
	return history_ok(history) || history_print_error(history);
}

bool history_begin_reader(struct history *history)
{
	execute(history, "BEGIN");
	return history_ok(history) || history_print_error(history);
}

bool history_commit(struct history *history)
{
	execute(history, "COMMIT");
	if (history_ok(history))
		return true;
	history_rollback(history);
	return history_print_error(history);
}

void history_rollback(struct history *history)
{
	/* SQLite has ended it where the error was a bad one. */
	if (history->db && !sqlite3_get_autocommit(history->db))
		sqlite3_exec(history->db, "ROLLBACK", NULL, NULL, NULL);
}
