// Owns the tables of the small ERP that the OData dialect is tried against.
namespace erp;

using { cuid, managed } from '@sap/cds/common';

type Amount : Decimal(15, 2);

type Address {
  street  : String(200);
  city    : String(100);
  zip     : String(20);
  country : String(60);
}

entity Customers : cuid, managed {
  number      : String(20);
  /** Whose it is in the other system; the database refuses a second one. */
  externalKey : String(255);
  name        : String(200) @mandatory;
  isCompany   : Boolean default true;
  vat         : String(40);
  email       : String(200);
  phone       : String(60);
  website     : String(200);
  notes       : LargeString;
  billing     : Address;
  shipping    : Address;
  contacts    : Composition of many Contacts on contacts.customer = $self;
}

entity Contacts : cuid {
  customer    : Association to Customers;
  position    : Integer;
  externalKey : String(255);
  firstName   : String(100);
  lastName    : String(100);
  email       : String(200);
  phone       : String(60);
  jobTitle    : String(100);
}

entity Taxes {
  key code : String(10);
  name     : String(60);
  rate     : Decimal(7, 4);
}

entity Products : cuid, managed {
  externalKey : String(255);
  code        : String(60);
  name        : String(200) @mandatory;
  description : LargeString;
  service     : Boolean default false;
  price       : Decimal(19, 6);
  currency    : String(3);
  blocked     : Boolean default false;
}

entity Orders : cuid, managed {
  number      : String(20);
  externalKey : String(255);
  customer    : Association to Customers @mandatory;
  status      : String(20) default 'draft';
  date        : Date;
  currency    : String(3);
  reference   : String(200);
  subject     : String(255);
  notes       : LargeString;
  billing     : Address;
  shipping    : Address;
  net         : Amount;
  tax         : Amount;
  total       : Amount;
  items       : Composition of many OrderItems on items.order = $self;
}

aspect Item {
  position        : Integer;
  product         : Association to Products;
  name            : String(255);
  description     : LargeString;
  quantity        : Decimal(19, 6);
  price           : Decimal(19, 6);
  discountPercent : Decimal(19, 6) default 0;
  taxCode         : Association to Taxes;
  net             : Amount;
  tax             : Amount;
}

entity OrderItems : cuid, Item {
  order : Association to Orders;
}

/** As a CRM has them: to be ordered in another system, which tells what came of it. */
entity Quotes : cuid, managed {
  number     : String(20);
  customer   : Association to Customers @mandatory;
  status     : String(20) default 'draft';
  date       : Date;
  currency   : String(3);
  subject    : String(255);
  net        : Amount;
  tax        : Amount;
  total      : Amount;
  erpKey     : String(255);
  erpNumber  : String(60);
  erpStatus  : String(60);
  erpMessage : LargeString;
  items      : Composition of many QuoteItems on items.quote = $self;
}

entity QuoteItems : cuid, Item {
  quote : Association to Quotes;
}

entity Invoices : cuid, managed {
  number    : String(20);
  type      : String(20) default 'invoice';
  order     : Association to Orders;
  customer  : Association to Customers;
  status    : String(20) default 'posted';
  date      : Date;
  dueDate   : Date;
  currency  : String(3);
  reference : String(200);
  net       : Amount;
  tax       : Amount;
  total     : Amount;
  paid      : Amount default 0;
  items     : Composition of many InvoiceItems on items.invoice = $self;
}

entity InvoiceItems : cuid, Item {
  invoice : Association to Invoices;
}

annotate Customers with @assert.unique: { externalKey: [externalKey] };
annotate Products with @assert.unique: { externalKey: [externalKey], code: [code] };
annotate Orders with @assert.unique: { externalKey: [externalKey] };
