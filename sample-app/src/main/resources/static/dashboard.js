'use strict';

/* Keeps the dashboard up to date: asks once a second what has changed. What a person does goes through htmx. */
(() => {

	const SECONDS = 120;
	const PERIOD_MILLIS = 1000;
	const MAX_LINES = 100;

	const byId = (id) => document.getElementById(id);
	const part = (element, name) => element.querySelector(`[data-part="${name}"]`);

	// Changes nothing that stays the same: screen readers would read it again.
	function say(element, text) {
		if (element && element.textContent !== text) {
			element.textContent = text;
		}
	}

	function round(value) {
		return value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(2);
	}

	const whole = (value) => value.toLocaleString('en');

	/* Charts */

	const seconds = [];
	const charts = [];
	let lastSecond = 0;

	function colour(name) {
		return getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();
	}

	function columns(names) {
		return [seconds.map((each) => each.second), ...names.map((name) => seconds.map((each) => each[name]))];
	}

	const kinds = {
		latency: {
			series: [['total', 'database'], ['cacheMillis', 'cache']],
			range: (from, to) => [0, Math.max(to * 1.1, 1)],
		},
		ratio: {
			series: [['ratio', 'cache'], ['staleRatio', 'stale', false]],
			range: () => [0, 100],
		},
		queries: {
			series: [['requests', 'requests', false], ['queries', 'database']],
			range: (from, to) => [0, Math.max(to * 1.1, 10)],
		},
	};

	function axis(overrides) {
		return {
			stroke: colour('soft'),
			font: '12px system-ui, sans-serif',
			grid: { stroke: colour('line'), width: 1 },
			ticks: { show: false },
			...overrides,
		};
	}

	function draw(host) {
		const kind = kinds[host.dataset.chart];
		const names = kind.series.map(([name]) => name);
		const chart = new uPlot({
			width: host.clientWidth,
			height: host.clientHeight,
			legend: { show: false },
			cursor: { show: false },
			padding: [8, 18, 0, 0],
			scales: {
				x: { time: false, range: () => [lastSecond - SECONDS + 1, lastSecond] },
				y: { range: (u, from, to) => kind.range(from || 0, to || 0) },
			},
			axes: [
				axis({
					size: 24,
					space: 60,
					splits: () => [120, 90, 60, 30, 0].map((ago) => lastSecond - ago),
					values: (u, values) => values.map((value) => value === lastSecond ? 'now' : `−${lastSecond - value} s`),
				}),
				axis({ size: 44, space: 30 }),
			],
			series: [
				{},
				...kind.series.map(([name, shade, filled = true]) => ({
					stroke: colour(shade),
					fill: filled ? colour(`${shade}-fill`) : undefined,
					width: filled ? 2 : 1.5,
					dash: filled ? undefined : [4, 3],
					points: { show: false },
				})),
			],
		}, columns(names), host);
		return { chart, names };
	}

	function drawAll() {
		charts.splice(0).forEach(({ chart }) => chart.destroy());
		document.querySelectorAll('[data-chart]').forEach((host) => charts.push(draw(host)));
	}

	function resize() {
		charts.forEach(({ chart }) => {
			const host = chart.root.parentElement;
			chart.setSize({ width: host.clientWidth, height: host.clientHeight });
		});
	}

	function now(name, text) {
		say(document.querySelector(`[data-now="${name}"]`), text);
	}

	function showSeconds(added) {
		for (const each of added) {
			const idle = each.requests === 0;
			lastSecond = each.second;
			seconds.push({
				...each,
				cacheMillis: idle ? null : each.cacheMillis,
				databaseMillis: idle ? null : each.databaseMillis,
				total: idle ? null : each.cacheMillis + each.databaseMillis,
				ratio: idle ? null : 100 * each.hits / each.requests,
				staleRatio: idle ? null : 100 * each.stale / each.requests,
			});
		}
		seconds.splice(0, Math.max(0, seconds.length - SECONDS));
		if (added.length === 0) {
			return;
		}
		charts.forEach(({ chart, names }) => chart.setData(columns(names)));
		const last = seconds[seconds.length - 1];
		const millis = (value) => value === null ? '–' : `${round(value)} ms`;
		now('latency', last.total === null ? '–' : round(last.total));
		now('cache', millis(last.cacheMillis));
		now('database', millis(last.databaseMillis));
		now('ratio', last.ratio === null ? '–' : last.ratio.toFixed(0));
		now('stale', last.staleRatio === null ? '–' : last.staleRatio.toFixed(0));
		now('queries', whole(last.queries));
		now('requests', whole(last.requests));
	}

	/* Servers */

	const looks = {
		up: ['good', 'In use'],
		down: ['bad', 'Not in use'],
		connecting: ['warn', 'Connecting'],
		closed: ['warn', 'Closed'],
	};

	const processes = {
		running: 'its process runs',
		hanging: 'its process hangs: it takes requests and answers none',
		dead: 'its process is dead',
	};

	// For each button, where it would change nothing.
	const pointless = {
		kill: (process) => process === 'dead',
		hang: (process) => process !== 'running',
		revive: (process) => process === 'running',
	};

	function detail(server) {
		const parts = [];
		if (server.process in processes) {
			parts.push(processes[server.process]);
		}
		if (server.state === 'down' && server.lastFailure) {
			parts.push(`the starter says: ${server.lastFailure}`);
		}
		else if (server.state === 'up' && server.latencyMillis !== null) {
			parts.push(`answers in ${round(server.latencyMillis)} ms`);
		}
		const text = parts.join('; ');
		return text.charAt(0).toUpperCase() + text.slice(1);
	}

	function showServer(card, server) {
		const [look, state] = looks[server.state] || ['warn', server.state];
		card.dataset.look = look;
		card.dataset.state = server.state;
		card.dataset.process = server.process;
		say(part(card, 'state'), state);
		say(part(card, 'detail'), detail(server));
		card.querySelectorAll('button[data-action]').forEach((button) => {
			// Not `disabled`, which would take the focus away from who has just pressed it.
			button.setAttribute('aria-disabled', String(pointless[button.dataset.action](server.process)));
		});
	}

	function verdict(servers, reserve, database) {
		const up = servers.filter((server) => server.state === 'up').length;
		if (!database) {
			return ['bad', 'The database is away. The cache answers what it holds, searches and nearest cities even after their '
				+ 'time to live. Everything else gets an error.'];
		}
		if (servers.length === 0) {
			return ['', 'There is no memcached: every question is answered by the database.'];
		}
		if (up === servers.length) {
			return ['good', up === 1 ? 'The server is in use.' : `All ${up} servers are in use.`];
		}
		if (up === 0) {
			return ['bad', `No server is in use. ${reserve ? 'The reserve answers what was asked within ten seconds, '
				+ 'the database the rest' : 'The database answers every question'}, and nobody gets an error.`];
		}
		return ['warn', `${up} of ${servers.length} servers ${up === 1 ? 'is' : 'are'} in use. `
			+ `The ${reserve ? 'reserve and the database answer' : 'database answers'} what the others held.`];
	}

	function announce(look, text) {
		byId('verdict').className = `notice ${look}`;
		say(byId('verdict'), text);
	}

	function showServers({ servers, reserve, database }) {
		const cards = [...document.querySelectorAll('.server')];
		const known = cards.map((card) => card.dataset.name).join();
		if (known !== servers.map((server) => server.name).join()) {
			// The application was started anew, with other servers.
			location.reload();
			return;
		}
		cards.forEach((card, index) => showServer(card, servers[index]));
		announce(...verdict(servers, reserve, database));
		if (byId('without')) {
			byId('without').checked = !reserve;
		}
		if (byId('database')) {
			byId('database').value = database;
			byId('database').classList.toggle('danger', database);
			say(byId('database'), database ? 'Take the database away' : 'Bring the database back');
		}
	}

	/* Load and log */

	function showRate(rate) {
		say(byId('rate-text'), rate === 0 ? 'off' : `${rate} requests a second`);
	}

	// The slider is not moved under the hand of who moves it.
	const HELD_MILLIS = 2000;
	let heldUntil = 0;

	function showLoad(load) {
		say(byId('answered'), whole(load.answered));
		say(byId('failed'), whole(load.failed));
		const slider = byId('rate');
		if (slider && Date.now() > heldUntil) {
			slider.value = load.rate;
			showRate(load.rate);
		}
	}

	function showLoading(state) {
		byId('loading').hidden = state.ready;
		byId('loaded').value = state.loaded;
		say(byId('loaded-text'), whole(state.loaded));
	}

	function lineElement(line) {
		const element = document.createElement('p');
		const time = document.createElement('time');
		time.dateTime = line.time;
		time.textContent = new Date(line.time).toLocaleTimeString('en-GB');
		const level = document.createElement('span');
		level.className = line.level.toLowerCase();
		level.textContent = line.level;
		element.append(time, ' ', level, ` ${line.text}`);
		return element;
	}

	let lastLine = 0;

	function showLog(lines) {
		if (lines.length === 0) {
			return;
		}
		const log = byId('log');
		log.querySelector('.empty')?.remove();
		for (const line of lines) {
			lastLine = line.number;
			log.prepend(lineElement(line));
		}
		while (log.children.length > MAX_LINES) {
			log.lastElementChild.remove();
		}
	}

	/* The clock */

	let paused = false;
	let timer;
	let asking = false;

	async function update() {
		clearTimeout(timer);
		if (asking) {
			return;
		}
		asking = true;
		try {
			const response = await fetch(`/dashboard/live?second=${lastSecond}&line=${lastLine}`);
			if (!response.ok) {
				throw new Error(response.status);
			}
			const state = await response.json();
			showLoading(state);
			showServers(state);
			showLoad(state.load);
			showSeconds(state.seconds);
			showLog(state.log);
		}
		catch (error) {
			announce('bad', 'The application itself does not answer. Waiting for it …');
		}
		asking = false;
		if (!paused) {
			timer = setTimeout(update, PERIOD_MILLIS);
		}
	}

	byId('pause').addEventListener('click', () => {
		paused = !paused;
		byId('pause').setAttribute('aria-pressed', String(paused));
		if (paused) {
			clearTimeout(timer);
		}
		else {
			update();
		}
	});

	byId('rate')?.addEventListener('input', (event) => {
		heldUntil = Date.now() + HELD_MILLIS;
		showRate(Number(event.target.value));
	});

	document.body.addEventListener('htmx:beforeRequest', (event) => {
		if (event.target.getAttribute('aria-disabled') === 'true') {
			event.preventDefault();
		}
	});

	document.body.addEventListener('htmx:afterRequest', (event) => {
		const { xhr, requestConfig } = event.detail;
		if (requestConfig?.verb === 'post') {
			if (xhr.status === 403) {
				announce('bad', 'This page is out of date, or not opened at http://localhost. Reload it.');
			}
			else {
				update();
			}
		}
		else if (xhr.status === 503) {
			say(byId('found'), JSON.parse(xhr.responseText).detail);
		}
	});

	drawAll();
	addEventListener('resize', resize);
	matchMedia('(prefers-color-scheme: dark)').addEventListener('change', drawAll);
	update();

})();
