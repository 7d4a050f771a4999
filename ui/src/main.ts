import { mount } from 'svelte';
import App from './App.svelte';
import './app.css';
import Customer from './lib/customer/Customer.svelte';
import { customerSource } from './lib/customer/source';
import { connect } from './lib/transport';

const target = document.getElementById('app');
if (!target) throw new Error('the page has no #app');
if (new URLSearchParams(location.search).get('view') === 'customer') {
  mount(Customer, { target, props: { source: customerSource() } });
} else {
  mount(App, { target, props: { transport: connect() } });
}
