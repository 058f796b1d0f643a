// Owns what the small ERP offers over OData v4: compositions are written deep, changed records carry an ETag.
using { erp } from './model';

@path: '/odata/v4/erp'
@requires: 'authenticated-user'
// Small, so that lists go on by @odata.nextLink. Larger wishes are cut to it.
@cds.query.limit: { default: 20, max: 20 }
service ErpService {
  entity Customers as projection on erp.Customers;
  @readonly entity Contacts as projection on erp.Contacts;
  @readonly entity Taxes as projection on erp.Taxes;
  entity Products as projection on erp.Products;

  entity Orders as projection on erp.Orders actions {
    action confirm() returns Orders;
    action cancel() returns Orders;
    /** Bills all of it. */
    action invoice() returns Invoices;
  };
  @readonly entity OrderItems as projection on erp.OrderItems;

  entity Quotes as projection on erp.Quotes;
  @readonly entity QuoteItems as projection on erp.QuoteItems;

  @Capabilities: { InsertRestrictions.Insertable: false, UpdateRestrictions.Updatable: false }
  entity Invoices as projection on erp.Invoices actions {
    action pay(amount: erp.Amount) returns Invoices;
  };
  @readonly entity InvoiceItems as projection on erp.InvoiceItems;

  function whoAmI() returns { user: String; version: String };
}

annotate ErpService.Customers with { modifiedAt @odata.etag };
annotate ErpService.Products with { modifiedAt @odata.etag };
annotate ErpService.Orders with { modifiedAt @odata.etag };
annotate ErpService.Quotes with { modifiedAt @odata.etag };
annotate ErpService.Invoices with { modifiedAt @odata.etag };
